// Reads the data that stand in the page: gzipped JSON, in Base64.

import { byId } from "./dom.js";

/** Inflate and parse the data of this page. */
export async function readData() {
  const packed = Uint8Array.from(atob(byId("data").textContent), (letter) => letter.charCodeAt(0));
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(inflated).text());
}
