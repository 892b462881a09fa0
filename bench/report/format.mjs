// Numbers and names as people read them, in terminals and in documents.

export const number = (value) =>
  value.toFixed(value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0);

export const times = (value) => `${value.toFixed(value < 10 ? 2 : 1)}×`;

export const timesBetween = ({ median, low, high }) =>
  `${times(median)} (${times(low).slice(0, -1)}–${times(high).slice(0, -1)})`;

/** Why a peer has no number, in short. */
export function refusal(message) {
  if (message.startsWith("Expected values")) return "differs";
  if (message.startsWith("The library is not")) return "absent";
  return "refuses";
}

export const kibibytes = (bytes) => (bytes / 1024).toFixed(1);
