
(function () {
  "use strict";
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var get = function (id) { return document.getElementById(id); };
  document.documentElement.classList.add("js");

  // The list of findings: rows are filtered where they stand, so the page is the same without this script.
  var bar = get("filters");
  var keys = ["severity", "verdict", "rule", "owner"];
  function value(key) { var box = get("f-" + key); return box ? box.value : ""; }
  var blocks = all("details.rule").map(function (block) {
    return {
      block: block, rule: block.getAttribute("data-rule"), open: block.open,
      head: block.firstElementChild.textContent.toLowerCase(),
      rows: all("tbody tr", block).map(function (row) {
        return {
          row: row, s: row.getAttribute("data-s"), v: row.getAttribute("data-v"),
          o: "=" + row.getAttribute("data-o"), text: row.textContent.toLowerCase()
        };
      })
    };
  });
  function filter() {
    var want = {}, text = get("f-text").value.trim().toLowerCase(), active = text !== "", seen = 0, total = 0;
    keys.forEach(function (key) { want[key] = value(key); active = active || want[key] !== ""; });
    blocks.forEach(function (item) {
      var hits = 0, ruled = !want.rule || want.rule === item.rule, named = text && item.head.indexOf(text) >= 0;
      item.rows.forEach(function (r) {
        var ok = ruled && (!want.severity || want.severity === r.s) && (!want.verdict || want.verdict === r.v) &&
          (!want.owner || want.owner === r.o) && (!text || named || r.text.indexOf(text) >= 0);
        r.row.hidden = !ok;
        hits += ok ? 1 : 0;
      });
      item.block.hidden = hits === 0;
      item.block.open = active ? hits > 0 : item.open;
      seen += hits; total += item.rows.length;
    });
    get("f-count").textContent = active ? seen + " of " + total : total + (total === 1 ? " finding" : " findings");
  }
  function clear() { keys.concat("text").forEach(function (key) { get("f-" + key).value = ""; }); filter(); }
  if (bar) {
    bar.hidden = false;
    bar.addEventListener("input", filter);
    get("f-clear").addEventListener("click", clear);
    filter();
    all("button[data-owner]").forEach(function (button) {
      button.addEventListener("click", function () {
        clear();
        get("f-owner").value = "=" + button.getAttribute("data-owner");
        filter();
        get("findings").scrollIntoView();
      });
    });
  }

  // Closed blocks would print without their content.
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = all("details.rule:not([open])");
    closed.forEach(function (block) { block.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (block) { block.open = false; }); });

  // The map: a system under the pointer, or under the keyboard's focus, lights up with what it talks to.
  var svg = get("map-svg"), store = get("map-data"), told = get("map-detail");
  if (!svg || !store) { return; }
  var data = JSON.parse(store.textContent), hint = told.textContent, pinned = -1;
  var nodes = all("[data-n]", svg), paths = [];
  all("[data-e]", svg).forEach(function (path) { paths[+path.getAttribute("data-e")] = path; });
  told.hidden = false;
  function names(ids) {
    var shown = ids.slice(0, 8).map(function (i) { return data.nodes[i][0]; }).join(", ");
    return (shown || "nothing") + (ids.length > 8 ? " and " + (ids.length - 8) + " more" : "");
  }
  function show(chosen) {
    var on = {}, from = [], to = [], count = 0;
    on[chosen] = true;
    data.edges.forEach(function (edge, i) {
      var hit = edge[0] === chosen || edge[1] === chosen;
      paths[i].classList.toggle("on", hit);
      if (!hit) { return; }
      on[edge[0]] = on[edge[1]] = true;
      count += edge[2];
      if (edge[0] === chosen) { to.push(edge[1]); } else { from.push(edge[0]); }
    });
    nodes.forEach(function (node, i) {
      node.classList.toggle("on", on[i] === true);
      node.classList.toggle("self", i === chosen);
      node.setAttribute("aria-pressed", String(i === pinned));
    });
    svg.classList.toggle("focus", chosen >= 0);
    var node = data.nodes[chosen];
    told.textContent = !node ? hint : node[0] + " (" + node[1] + (node[2] ? ", " + node[2] : ", no owner") + "): " +
      node[3] + " errors, " + node[4] + " warnings; " + count + " interfaces. Receives from " + names(from) +
      "; sends to " + names(to) + ".";
  }
  function under(event) { var g = event.target.closest ? event.target.closest("[data-n]") : null; return g ? +g.getAttribute("data-n") : -1; }
  function pin(id) { pinned = pinned === id ? -1 : id; show(pinned); }
  svg.addEventListener("pointerover", function (event) { if (pinned < 0) { show(under(event)); } });
  svg.addEventListener("pointerleave", function () { show(pinned); });
  svg.addEventListener("focusin", function (event) { if (pinned < 0) { show(under(event)); } });
  svg.addEventListener("focusout", function () { show(pinned); });
  svg.addEventListener("click", function (event) { pin(under(event)); });
  svg.addEventListener("keydown", function (event) {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pin(under(event)); }
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { pinned = -1; show(-1); } });
})();
