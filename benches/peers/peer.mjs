// Benchmarks of the official TypeScript SDK.
//
//     peer.mjs TASK FILE_OR_URL SECONDS    prints the shortest time in nanoseconds
//
// Tasks: `decode` is a call with a `fetch` that answers at once, since the SDK has no types at run time and decodes
// nothing beyond JSON; `parse` is JSON.parse of the same text; `call` is a call at a base URL.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

// The SDK is installed in the working directory, not beside this file.
const { default: Cloudflare } = await import(createRequire(`${process.cwd()}/`).resolve("cloudflare"));

const apiToken = "benchmark-token";

const TASKS = {
  async decode(path) {
    const body = await readFile(path);
    const headers = { "content-type": "application/json" };
    const client = new Cloudflare({ apiToken, fetch: async () => new Response(body, { headers }) });
    return () => client.radar.ct.timeseries();
  },
  async parse(path) {
    const text = await readFile(path, "utf-8");
    return async () => JSON.parse(text);
  },
  async call(baseURL) {
    const client = new Cloudflare({ apiToken, baseURL });
    return () => client.radar.ct.timeseries();
  },
};

const [name, subject, seconds] = process.argv.slice(2);
const task = await TASKS[name](subject);
const answer = await task();
if (!Object.values(answer.result ?? answer).some((one) => one.values?.length > 0)) {
  throw new Error("the SDK has found no series");
}
let best;
const end = performance.now() + Number(seconds) * 1000;
while (performance.now() < end) {
  const began = process.hrtime.bigint();
  await task();
  const took = process.hrtime.bigint() - began;
  best = best === undefined || took < best ? took : best;
}
console.log(String(best));
process.exit(0);
