"use strict";

(() => {
  const PERIOD_MS = 3000;
  const main = document.getElementById("main");
  const news = document.getElementById("news");
  const language = document.body.dataset.language;
  let tag = null;

  function replace(html, version) {
    const open = [...main.querySelectorAll("details[open]")].map((each) => each.id);
    const focused = main.contains(document.activeElement) ? document.activeElement.closest("[id]") : null;
    const parsed = new DOMParser().parseFromString(html, "text/html");
    main.replaceChildren(...parsed.body.childNodes);
    main.dataset.version = version;
    for (const id of open) {
      const each = document.getElementById(id);
      if (each) each.open = true;
    }
    const again = focused && document.getElementById(focused.id);
    if (again) (again.querySelector("summary") || again).focus({ preventScroll: true });
    const until = main.querySelector("[data-until]");
    if (until) news.textContent = `${news.dataset.text} ${until.dataset.until}`;
  }

  async function look() {
    if (document.hidden) return;
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(`/board/part?lang=${language}`, { headers, cache: "no-store" });
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag");
    const version = answer.headers.get("X-Version");
    if (version !== main.dataset.version) replace(await answer.text(), version);
  }

  async function follow() {
    try {
      await look();
    } catch {
      // The next look tells: a server that restarts is no event for a reader.
    }
    setTimeout(follow, PERIOD_MS);
  }

  setTimeout(follow, PERIOD_MS);
})();
