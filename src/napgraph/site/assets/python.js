// The page's side of python-worker.js: started when first needed, stopped by ending the worker.
import { root } from "./parts.js";

export class Python {
  /** `told({ step, share })` hears which step is at work, and which share of it is done where that is known. */
  constructor({ archive, bytes, language }, told) {
    Object.assign(this, { archive, bytes, language, told, calls: new Map(), last: 0 });
  }

  start() {
    this.ready ??= new Promise((resolve, reject) => {
      this.worker = new Worker(new URL("./python-worker.js", import.meta.url), { type: "module" });
      this.worker.onerror = () => reject(new Error("Python could not be started in this browser."));
      this.worker.onmessage = ({ data }) => {
        if (data.kind === "progress") this.told({ step: "load", share: Math.min(1, data.loaded / this.bytes) });
        else if (data.kind === "step") this.told({ step: data.step });
        else if (data.kind === "ready") resolve();
        else if (data.id === undefined) reject(new Error(data.message));
        else this.settle(data);
      };
      this.told({ step: "load", share: 0 });
      this.reject = reject;
      const archive = new URL(this.archive, root).href;
      this.worker.postMessage({ kind: "start", archive, language: this.language });
    });
    return this.ready;
  }

  async call(name, ...given) {
    await this.start();
    return new Promise((resolve, reject) => {
      const id = ++this.last;
      this.calls.set(id, { resolve, reject });
      this.worker.postMessage({ kind: "call", id, name, given });
    });
  }

  settle({ id, kind, value, message }) {
    const { resolve, reject } = this.calls.get(id);
    this.calls.delete(id);
    if (kind === "answer") resolve(value);
    else reject(new Error(message));
  }

  /** End what is at work; the next call starts anew. */
  stop() {
    this.worker?.terminate();
    const stopped = new Error("Stopped.");
    this.reject?.(stopped);
    for (const { reject } of this.calls.values()) reject(stopped);
    this.calls.clear();
    this.ready = undefined;
  }
}
