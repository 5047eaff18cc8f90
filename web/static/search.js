// Results while somebody types. Without this file the form works as it is.
(function () {
  "use strict";
  const form = document.getElementById("search");
  const results = document.getElementById("results");
  const told = document.getElementById("told");
  const PAUSE = 120; // milliseconds without a keystroke
  let timer = 0;
  let asked = location.search.slice(1);
  let request = null;

  function wanted() {
    const fields = new FormData(form);
    return new URLSearchParams([...fields].filter(([, value]) => value !== "")).toString();
  }

  async function look() {
    const query = wanted();
    if (query === asked) return;
    asked = query;
    if (request) request.abort();
    request = new AbortController();
    try {
      const answer = await fetch(form.dataset.results + "?" + query, { signal: request.signal, credentials: "same-origin" });
      if (answer.redirected) return location.reload(); // the session ended: the page asks to sign in
      if (!answer.ok) return;
      results.innerHTML = await answer.text(); // our own page, in which every value is escaped
      history.replaceState(null, "", location.pathname + (query ? "?" + query : ""));
      const shown = document.getElementById("shown");
      told.textContent = shown ? shown.textContent : results.querySelector(".govuk-inset-text") ? "No case found" : "";
    } catch (fault) {
      if (fault.name !== "AbortError") asked = ""; // the network failed: the next keystroke asks again
    }
  }

  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
})();
