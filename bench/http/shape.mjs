// How much is sent, and how many streams are open at a time.

export const eventCount = 500;
export const variantCount = 8;
export const concurrency = 256;
/** Browsers open six connections to an origin, so there are as many origins as that takes. */
export const originCount = Math.ceil(concurrency / 6);
/** How often a side reads how many streams. */
export const plans = {
  full: { rounds: 7, streams: 512 },
  quick: { rounds: 2, streams: 256 },
};
