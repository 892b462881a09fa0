// Many streams may follow one signal, such as that of a server that shuts down. It has one listener for
// all of them, and keeps none of them alive that nobody waits for.

/** A stream that follows a signal. @internal */
export class Followed {
  readonly #signal: AbortSignal;
  readonly #abort: WeakRef<() => void>;
  #held: (() => void) | undefined;

  constructor(signal: AbortSignal, abort: () => void) {
    this.#signal = signal;
    this.#abort = new WeakRef(abort);
  }

  /** While somebody waits for the stream, it must be there to be told: its `abort`, or undefined. */
  hold(abort: (() => void) | undefined): void {
    this.#held = abort;
  }

  isGone(): boolean {
    return this.#abort.deref() === undefined;
  }

  tell(): void {
    (this.#held ?? this.#abort.deref())?.();
  }

  /** The stream does not follow the signal any more. */
  end(): void {
    const followers = followersOf.get(this.#signal);
    if (followers === undefined) return;
    followers.all.delete(this);
    if (followers.all.size !== 0) return;
    this.#signal.removeEventListener("abort", followers.tell);
    followersOf.delete(this.#signal);
  }
}

interface Followers {
  readonly all: Set<Followed>;
  readonly tell: () => void;
}

const followersOf = new WeakMap<AbortSignal, Followers>();

/** Has `abort` called when the signal is aborted, as long as somebody else holds it. @internal */
export function follow(signal: AbortSignal, abort: () => void): Followed {
  const { all } = followersOf.get(signal) ?? listen(signal);
  // Those that were collected are left out now and then.
  if (all.size >= 64 && (all.size & (all.size - 1)) === 0) {
    for (const each of all) if (each.isGone()) all.delete(each);
  }
  const made = new Followed(signal, abort);
  all.add(made);
  return made;
}

function listen(signal: AbortSignal): Followers {
  const all = new Set<Followed>();
  const tell = () => {
    for (const each of [...all]) each.tell();
  };
  const followers = { all, tell };
  signal.addEventListener("abort", tell);
  followersOf.set(signal, followers);
  return followers;
}
