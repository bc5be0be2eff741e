// What is measured inside of the page, as text for the browser: how long a frame takes from its beginning until it is painted, without
// the time in which the recorded host, which lives in the same thread here, made its answers.

/** Puts `measure` into the page. All times are milliseconds. */
export const MEASURES = `
globalThis.measure = (() => {
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const panel = () => document.getElementById('panel');

  /** Does something and gives what the next frame costs: callbacks, style, layout and paint, until the thread is free again. */
  const frameOf = (act) =>
    new Promise((done) => {
      const channel = new MessageChannel();
      let begun = 0, answered = 0;
      channel.port1.onmessage = () => done(performance.now() - begun - (host.spent - answered));
      requestAnimationFrame(() => {
        begun = performance.now();
        answered = host.spent;
        channel.port2.postMessage(0);
      });
      act();
    });

  /** Until nothing was asked and nothing drawn for a few frames. */
  const settled = async () => {
    for (let calls = -1, quiet = 0; quiet < 5; ) {
      quiet = host.calls.length === calls ? quiet + 1 : 0;
      calls = host.calls.length;
      await new Promise(requestAnimationFrame);
    }
  };

  const wheel = (more) => {
    const area = document.querySelector('.lanes:not([hidden])') ?? panel();
    const box = area.getBoundingClientRect();
    const at = { clientX: box.left + box.width * 0.6, clientY: box.top + 40 };
    area.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ...at, ...more }));
  };
  const key = (name) => panel().dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));

  return {
    settled,
    /** From the first call of the panel until its minimap is painted. */
    async first(options) {
      globalThis.unmount?.();
      globalThis.host = undefined;
      const painted = new Promise((done) => {
        const look = () =>
          document.querySelector('.minimap path')?.getAttribute('d')
            ? requestAnimationFrame(() => done(performance.now() - begun - host.spent))
            : requestAnimationFrame(look);
        setTimeout(look);
      });
      start(options);
      const took = await painted;
      await settled();
      return took;
    },
    async zoomIn(times) {
      for (let n = 0; n < times; n++) key('+');
      await sleep(50);
      await settled();
    },
    /** Frames while the window is moved and zoomed, back and forth. */
    async frames(count) {
      const costs = [];
      for (let n = 0; n < count; n++) {
        const back = n % 40 < 20 ? 1 : -1;
        costs.push(await frameOf(() =>
          n % 2 ? wheel({ deltaX: 30 * back, deltaY: 0 }) : wheel({ ctrlKey: true, deltaX: 0, deltaY: 12 * back })));
      }
      await settled();
      return costs;
    },
    /** Steps of the cursor: to the frame that shows where it is, and the time the panel spent until all pages were drawn. */
    async steps(count) {
      const [costs, whole] = [[], []];
      for (let n = 0; n < count; n++) {
        const [begun, answered] = [performance.now(), host.spent];
        const frames = [];
        costs.push(await frameOf(() => host.move(host.seq + (n % 20 < 10 ? -1 : 1))));
        await settled();
        whole.push(performance.now() - begun - (host.spent - answered));
      }
      return [costs, whole];
    },
    /** Events come, so many a second, and the view follows: what the frames cost, and the longest time without one. */
    async live(perSecond, seconds) {
      host.live = true;
      host.move(host.recording.events.length);
      host.live = true;
      host.changed();
      await sleep(200);
      const { events, entities } = host.recording;
      const begun = performance.now();
      const [costs, gaps] = [[], []];
      let told = 0, last = begun;
      while (performance.now() - begun < seconds * 1000) {
        costs.push(await frameOf(() => {
          const wanted = Math.floor(((performance.now() - begun) / 1000) * perSecond);
          for (; told < wanted; told++) {
            const row = events[(told * 7919) % 300];
            const time = host.recording.last + 1000;
            const seq = events.length + 1;
            if (!row.ref) { events.push({ ...row, seq, time }); continue; }
            events.push({ ...row, seq, time, before: row.after ?? 'a', after: row.after ?? 'a' });
            entities.get(row.ref.entity + '\\u0000' + row.ref.id)?.own.push(seq - 1);
            host.recording.last = time;
          }
          host.seq = events.length;
          host.changed();
        }));
        gaps.push(performance.now() - last);
        last = performance.now();
      }
      await settled();
      return [costs, gaps, told];
    },
    nodes: () => document.querySelectorAll('*').length,
  };
})();
`;
