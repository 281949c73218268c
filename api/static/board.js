"use strict";

// Keeps a page on the newest figures: the server says when they moved on, and the part that changed is fetched.
(() => {
  const EVENTS = "/v1/events";
  const POLL_MS = 2000; // where no events come
  const DRAWING_MS = 500; // until the server is asked again for a page that it still draws
  const TRIES = 40; // then it is asked less often
  const main = document.getElementById("main");
  const news = document.getElementById("news");
  const live = document.getElementById("live");
  const pause = document.getElementById("pause");
  const stop = document.getElementById("stop");
  const { language, page } = document.body.dataset;
  let tag = null;
  let state = "live";
  let events = null;
  let timer = null;
  let looking = false;

  function say(which) {
    live.textContent = live.dataset[which];
    live.className = `live ${which}`;
  }

  // What an answer says of the page that is shown.
  function word(status) {
    if (status === 200 || status === 304) return "liveText";
    return status === 401 || status === 403 ? "ended" : "waiting";
  }

  // A number that changed is marked for a moment, unless the reader wants stillness.
  function mark(before) {
    const after = [...main.querySelectorAll("[data-live]")];
    if (after.length !== before.length) return;
    after.forEach((each, place) => {
      if (each.textContent !== before[place]) each.classList.add("changed");
    });
  }

  function replace(html, version) {
    const open = [...main.querySelectorAll("details[open]")].map((each) => each.id);
    const scrolled = [...main.querySelectorAll(".scroll")].map((each) => [each.scrollLeft, each.scrollTop]);
    const before = [...main.querySelectorAll("[data-live]")].map((each) => each.textContent);
    const links = [...main.querySelectorAll("a, summary, [tabindex]")];
    const focused = links.indexOf(document.activeElement);
    const parsed = new DOMParser().parseFromString(html, "text/html");
    main.replaceChildren(...parsed.body.childNodes);
    main.dataset.version = version;
    for (const id of open) {
      const each = document.getElementById(id);
      if (each) each.open = true;
    }
    main.querySelectorAll(".scroll").forEach((each, place) => {
      if (scrolled[place]) [each.scrollLeft, each.scrollTop] = scrolled[place];
    });
    const again = [...main.querySelectorAll("a, summary, [tabindex]")];
    if (focused >= 0 && again.length === links.length) again[focused].focus({ preventScroll: true });
    mark(before);
    const until = main.querySelector("[data-until]");
    if (until) news.textContent = `${news.dataset.text} ${until.dataset.until}`;
  }

  async function look(tries = 0) {
    if (state !== "live" || document.hidden || looking) return;
    looking = true;
    let again = 0;
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const query = new URLSearchParams({ page, lang: language });
      const answer = await fetch(`/board/part?${query}`, { headers, cache: "no-store" });
      if (answer.headers.get("X-Fresh") === "0") again = tries < TRIES ? DRAWING_MS : POLL_MS;
      if (answer.status >= 500) again = POLL_MS;
      if (answer.status === 200) {
        const html = await answer.text();
        const version = answer.headers.get("X-Version");
        tag = answer.headers.get("ETag");
        if (state === "live" && version !== main.dataset.version) replace(html, version);
      }
      if (state === "live") say(word(answer.status));
    } catch {
      if (state === "live") say("waiting"); // a server that starts again is no event for a reader
    } finally {
      looking = false;
    }
    if (again) setTimeout(look, again, tries + 1);
  }

  function poll(on) {
    clearInterval(timer);
    timer = on ? setInterval(() => look(), POLL_MS) : null;
  }

  function listen() {
    events = new EventSource(EVENTS);
    events.addEventListener("open", () => poll(false));
    events.addEventListener("error", () => poll(true));
    events.addEventListener("figures", () => look());
  }

  function leave() {
    events.close();
    poll(false);
  }

  function toggle() {
    state = state === "live" ? "paused" : "live";
    pause.textContent = state === "paused" ? pause.dataset.resume : pause.dataset.pause;
    pause.setAttribute("aria-pressed", String(state === "paused"));
    document.documentElement.toggleAttribute("data-still", state !== "live");
    say(state === "paused" ? "paused" : "waiting");
    if (state === "live") listen();
    else leave();
  }

  function end() {
    state = "stopped";
    leave();
    document.documentElement.toggleAttribute("data-still", true);
    pause.hidden = stop.hidden = true;
    say("stopped");
  }

  pause.addEventListener("click", toggle);
  stop.addEventListener("click", end);
  document.addEventListener("visibilitychange", () => look());
  for (const each of [live, pause, stop]) each.hidden = false;
  say("liveText");
  listen();
})();
