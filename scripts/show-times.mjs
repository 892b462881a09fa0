// How long bodies take; npm start shows it.
import { decode, safeDecode } from "chatwire";

/** Microseconds that `run` takes for each of the bodies. */
function timeOf(run, bodies) {
  const start = performance.now();
  let count = 0;
  do {
    for (const body of bodies) run(body);
    count += bodies.length;
  } while (performance.now() - start < 15);
  return ((performance.now() - start) * 1000) / count;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

/** How long these bodies take, beside TextDecoder and JSON.parse, which read less from them. */
export function showTimes(bodies) {
  const utf8 = new TextDecoder();
  const parse = (body) => JSON.parse(utf8.decode(body));
  const bothRead = bodies.filter((body) => {
    try {
      return parse(body) !== undefined && safeDecode(body).ok;
    } catch {
      return false;
    }
  });
  if (bothRead.length === 0) return;
  const rounds = Array.from({ length: 21 }, () => [
    timeOf(decode, bothRead),
    timeOf(parse, bothRead),
  ]).slice(5); // the first ones warm the engine up
  const [ours, theirs] = [0, 1].map((way) => median(rounds.map((times) => times[way])));
  console.log(
    `\nPer body (${bothRead.length} that both read): chatwire ${ours.toFixed(2)} µs, ` +
      `TextDecoder + JSON.parse ${theirs.toFixed(2)} µs, ${(theirs / ours).toFixed(1)} times as long.`,
  );
}
