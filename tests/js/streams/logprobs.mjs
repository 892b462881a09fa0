// Events that carry log-probabilities, most of them alike: as servers send them, and as no server should.
import fc from "fast-check";

const token = fc.oneof(
  fc.constantFrom(" the", "\n", '"', "\\", "é", "🎉", "", "\u0000"),
  fc.string(),
);
const logprob = fc.oneof(
  fc.constantFrom("0", "-0.0", "-9999.0", "-1e-7"),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);
const bytes = fc.oneof(
  fc.array(fc.nat(255), { maxLength: 9 }).map((list) => JSON.stringify(list)),
  fc.constantFrom("null", "[ 1 , 2 ]", "[1.0]", "[1,300000]"),
);
const members = fc
  .tuple(token, logprob, bytes)
  .map(([of, value, list]) => `"token":${JSON.stringify(of)},"logprob":${value},"bytes":${list}`);
const top = fc.array(
  members.map((each) => `{${each}}`),
  { maxLength: 3 },
);
const entry = fc.tuple(members, top).map(([of, list]) => `{${of},"top_logprobs":[${list}]}`);

const misfits = [
  "null",
  "{}",
  "[]",
  '"none"',
  '{"content":null}',
  '{"content":null,"refusal":[{"token":"No","logprob":-1,"bytes":[78,111],"top_logprobs":[]}]}',
  '{"refusal":null,"content":[]}',
  '{"content":"none"}',
  '{"content":[1,{"token":"a","logprob":-1},null]}',
  '{"content":[{"token":1,"logprob":"-1","bytes":[1.5]}]}',
  '{"content":[{"token":"a","logprob":NaN}],"refusal":null}',
  '{"content":[{"token":"a","logprob":-1,"odd":{"deep":[[1]]}}],"odd":[1,2]}',
  '{"content":[{"token":"a","token":"b","logprob":-1}],"content":[{"token":"c","logprob":-2}]}',
  '{"tokens":["a"],"token_logprobs":[-1],"top_logprobs":[{"a":-1}],"text_offset":[0]}',
  '{ "content" : [ { "token" : "a" , "logprob" : -1 } ] , "refusal" : null }',
  '{"content":[{"token":"a","logprob":-1,}],"refusal":null}',
  '{"content":[{"token":"\\ud83c","logprob":-1,"bytes":null,"top_logprobs":null}],"refusal":null}',
];

/** The JSON of the value of `logprobs`. */
const someLogprobs = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .array(entry, { maxLength: 2 })
      .map((list) => `{"content":[${list}],"refusal":null}`),
  },
  { weight: 1, arbitrary: fc.constantFrom(...misfits) },
);

const someDelta = fc.oneof(
  { weight: 8, arbitrary: fc.string().map((content) => ({ content })) },
  { weight: 1, arbitrary: fc.string().map((refusal) => ({ refusal })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({}, { content: null }, { role: "assistant", content: "" }),
  },
);

/** The JSON of chunks. */
export const someLogprobChunks = fc
  .array(fc.tuple(fc.nat(1), someDelta, someLogprobs), { minLength: 1, maxLength: 9 })
  .map((events) => {
    const last = [0, 1].map((index) => [index, {}, "null", '"stop"']);
    return [...events, ...last].map(
      ([index, delta, logprobs, reason = "null"]) =>
        `{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":${index},` +
        `"delta":${JSON.stringify(delta)},"logprobs":${logprobs},"finish_reason":${reason}}]}`,
    );
  });
