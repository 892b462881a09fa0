// Streams over HTTP: 256 at a time from servers on this machine, in Node and in Chromium.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "../../scripts/shell.mjs";
import { number, refusal, timesBetween } from "../report/format.mjs";
import { printTable } from "../report/table.mjs";
import { combine } from "../series/index.mjs";
import { spread } from "../series/measure.mjs";
import { node } from "../shell.mjs";
import { hasBrowser, openBrowser } from "./browser.mjs";
import { pairs } from "./pairs.mjs";
import { originCount } from "./shape.mjs";

const hosts = ["node", "chromium"];
const all = hosts.flatMap((host) =>
  Object.entries(pairs).map(([name, { title }]) => ({
    id: `http/${host}/${name}`,
    group: "http",
    payload: host,
    name,
    title,
  })),
);

export const rows = all.map(({ id }) => id);

/** Ports that nobody uses. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Two processes that send, so that it is the reader that has to work. */
async function startServers() {
  const ports = await freePorts(originCount);
  const halves = [ports.filter((_, i) => i % 2), ports.filter((_, i) => i % 2 === 0)];
  const servers = halves.map((some) =>
    fork(join(root, "bench/http/server.mjs"), some.map(String), {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    }),
  );
  await Promise.all(servers.map((server) => once(server.stdout, "data")));
  return {
    origins: ports.map((port) => `http://127.0.0.1:${port}`),
    close: () => servers.map((server) => server.disconnect()),
  };
}

function resultOf(of, sample) {
  if (sample.refused) return { ...of, refused: sample.refused };
  const { theirs, ours, busy } = sample;
  return {
    ...of,
    ...combine([sample]),
    // Of all threads of the process, where it is known.
    ...(of.payload === "node" && {
      busy: { theirs: spread(busy.theirs), ours: spread(busy.ours) },
    }),
    eventsPerSecond: { theirs: 1e6 / spread(theirs).median, ours: 1e6 / spread(ours).median },
  };
}

function print(host, results) {
  if (results.length === 0) return;
  console.log(`\nhttp/${host}: 256 streams at a time, thousand events a second`);
  printTable(
    ["", "peer", "chatwire", "times as long"],
    results.map(({ name, refused, eventsPerSecond: { theirs, ours } = {}, ratio }) =>
      refused
        ? [name, "-", "-", refusal(refused)]
        : [name, number(theirs / 1000), number(ours / 1000), timesBetween(ratio)],
    ),
  );
}

async function measureIn(host, wanted, plan, origins, progress) {
  const results = [];
  if (host === "node") {
    for (const of of wanted) {
      progress(of.id);
      const output = await node("bench/http/run-node.mjs", of.name, plan, ...origins);
      results.push(resultOf(of, JSON.parse(output)));
    }
    return results;
  }
  if (!hasBrowser()) {
    return wanted.map((of) => ({ ...of, refused: "The library is not installed: Chromium" }));
  }
  const browser = await openBrowser();
  for (const of of wanted) {
    progress(of.id);
    const { version } = browser;
    results.push({ ...resultOf(of, await browser.measure(of.name, plan, origins)), version });
  }
  await browser.close();
  return results;
}

export async function measure(ids, plan, progress) {
  const servers = await startServers();
  const results = [];
  try {
    for (const host of hosts) {
      const wanted = all.filter(({ id, payload }) => ids.includes(id) && payload === host);
      if (wanted.length === 0) continue;
      const some = await measureIn(host, wanted, plan, servers.origins, progress);
      progress("");
      print(host, some);
      results.push(...some);
    }
  } finally {
    servers.close();
  }
  return results;
}
