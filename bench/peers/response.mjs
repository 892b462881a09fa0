// What fetch gives, without a network.

const headers = { "content-type": "text/event-stream" };

/** A response whose body comes in these reads, each when it is asked for. */
export function responseOf(reads) {
  let next = 0;
  const body = new ReadableStream(
    {
      pull(controller) {
        if (next < reads.length) controller.enqueue(reads[next++]);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers });
}
