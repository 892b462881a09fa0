// The results of ways that give them to a function.

export function resultOf(way) {
  let result;
  const act = way((of) => {
    result = of;
  });
  return (input) => {
    act(input);
    return result;
  };
}

export function resultOfAsync(way) {
  let result;
  const act = way((of) => {
    result = of;
  });
  return async (input) => {
    await act(input);
    return result;
  };
}
