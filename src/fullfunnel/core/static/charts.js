// Draws <div class="chart" data-chart data-chart-data="JSON" role="img" aria-label="…"> as SVG; ff.css has the colours.
// {"kind": "line" | "bars", "x": ["1 Oct 2026", …], "is_percent": false, "unit": "people", "has_legend": false, "incomplete_first": false, "incomplete_last": true, "open_from": 3,
//  "series": [{"name": "…", "values": [1, null, …], "hue": 1, "dashed": false, "who": "…"}], "at": ["2026-10-01", …]}
// The unit stands above its axis. Charts within one .charts have their axes below each other. With data-people the mouse opens who is behind a point: `who` is its line's part of that address, `at` its bucket's.
(() => {
  const LETTER = 7, LOW = 22, HIGH = 10, SPARSE = 40;
  // Colour never tells alone: each line has marks of its own.
  const MARKS = ["M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z", "M-3 -3h6v6h-6z", "M0 -3.6L3.6 2.8H-3.6z", "M0 -4.2L4.2 0L0 4.2L-4.2 0z", "M0 3.6L3.6 -2.8H-3.6z", "M-4.5 -1.75h9v3.5h-9z"];
  const thousands = new Intl.NumberFormat(document.documentElement.dataset.locale || "en-GB");
  const watched = new WeakSet();

  const svg = (name, attributes, ...children) => {
    const found = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => found.setAttribute(key, value));
    found.append(...children);
    return found;
  };
  const html = (name, className, ...children) => {
    const found = document.createElement(name);
    found.className = className;
    found.append(...children);
    return found;
  };
  const known = (value) => value !== null && value !== undefined;
  const written = (data, value) => thousands.format(value) + (data.is_percent ? "\u00a0%" : "");
  const mark = (index, x, y) => svg("path", { class: "chart-mark", d: MARKS[index % 6], transform: `translate(${x} ${y})` });

  // Five round steps or so from the smallest value up to the largest, with 0 among them; whole ones where all values are.
  const steps = (data) => {
    const values = data.series.flatMap((series) => series.values.filter(known).map(Number)), most = Math.max(...values, 0), least = Math.min(...values, 0), span = most - least || 1;
    const size = 10 ** Math.floor(Math.log10(span / 5));
    const step = [1, 2, 2.5, 5, 10].map((each) => each * size).find((each) => each * 5 >= span);
    const whole = values.every(Number.isInteger) && !data.is_percent ? Math.max(Math.ceil(step), 1) : step;
    const first = Math.floor(least / whole), last = Math.max(Math.ceil(most / whole), first + 1);
    return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * whole).toPrecision(12)));
  };

  const legend = (data) => html("ul", "chart-legend", ...data.series.map((series, index) => {
    const sample = svg("svg", { class: `hue-${series.hue}`, viewBox: "0 0 20 10", width: 20, height: 10 });
    sample.append(svg("path", { class: series.dashed ? "chart-line chart-dashed" : "chart-line", d: "M0 5H20" }), ...(series.dashed ? [] : [mark(index, 10, 5)]));
    return html("li", "", sample, series.name);
  }));

  // The pieces of a line: dotted where a bucket is not whole (or, from `open_from` on, not final).
  const pieces = (data, series) => {
    const last = series.values.length - 1;
    const first = data.incomplete_first && last > 1 ? 1 : 0;
    const open = data.open_from ?? (data.incomplete_last ? last : last + 1);
    if (series.dashed) return [[0, last, "chart-dashed"]];
    const end = Math.max(Math.min(open - 1, last), first);
    return [[first, end, ""], ...(first ? [[0, 1, "chart-dotted"]] : []), ...(end < last ? [[end, last, "chart-dotted"]] : [])];
  };
  const path = (values, from, to, x, y) => values.slice(from, to + 1).map((value, at) => {
    if (!known(value)) return "";
    return `${at && known(values[from + at - 1]) ? "L" : "M"}${x(from + at).toFixed(1)} ${y(value).toFixed(1)}`;
  }).join("");
  const line = (data, series, index, x, y) => {
    const { values } = series, few = values.length < SPARSE, several = data.series.filter((each) => !each.dashed).length > 1;
    const alone = (at) => !known(values[at - 1]) && !known(values[at + 1]);
    const every = Math.ceil(values.length / 8);
    const marks = values.flatMap((value, at) => {
      const wanted = known(value) && (alone(at) || (!series.dashed && (few || (several && (at + index) % every === 0))));
      return wanted ? [mark(index, x(at).toFixed(1), y(value).toFixed(1))] : [];
    });
    return svg("g", { class: `hue-${series.hue}` }, ...pieces(data, series).map(([from, to, kind]) => svg("path", { class: `chart-line ${kind}`, d: path(values, from, to, x, y) })), ...marks);
  };
  const bars = (series, x, y, width) => svg("g", { class: `hue-${series.hue}` }, ...series.values.map((value, at) => (
    svg("rect", { class: "chart-bar", x: x(at) - width / 2, y: y(value || 0), width, height: y(0) - y(value || 0) }))));

  const said = (data, at) => {
    const cut = (data.incomplete_last && at === data.x.length - 1) || (data.incomplete_first && at === 0);
    const open = cut ? " (not whole)" : at >= (data.open_from ?? Infinity) ? " (some can still go on)" : "";
    const rows = data.series.map((series) => html("li", `hue-${series.hue}`, html("span", "", series.name),
      html("b", "", known(series.values[at]) ? written(data, series.values[at]) : "no data")));
    return [html("p", "", data.x[at] + open), html("ul", "", ...rows)];
  };

  const draw = (place) => {
    const data = JSON.parse(place.dataset.chartData);
    const many = data.x.length, isBars = data.kind === "bars";
    place.replaceChildren(...(data.has_legend || data.series.length > 1 ? [legend(data)] : []));
    const above = place.firstChild?.offsetHeight || 0, width = place.clientWidth, height = place.clientHeight - above;
    if (!width || !many) return;
    const ticks = steps(data), bottom = ticks[0], top = ticks.at(-1), high = data.unit ? HIGH + 18 : HIGH;
    const beside = [...(place.closest(".charts")?.querySelectorAll("[data-chart]") ?? [place])].map((each) => JSON.parse(each.dataset.chartData));
    const left = Math.max(...beside.flatMap((each) => steps(each).map((tick) => written(each, tick).length))) * LETTER + 8, right = width - 8;
    const band = (right - left) / many;
    const x = (at) => (isBars ? left + (at + 0.5) * band : many > 1 ? left + (at / (many - 1)) * (right - left) : (left + right) / 2);
    const y = (value) => high + (1 - (value - bottom) / (top - bottom)) * (height - LOW - high);
    const drawing = svg("svg", { width, height, "aria-hidden": "true" });
    if (data.unit) drawing.append(svg("text", { class: "chart-text chart-unit", x: 0, y: 12 }, data.unit));
    ticks.forEach((tick) => drawing.append(
      svg("path", { class: "chart-grid", d: `M${left} ${y(tick).toFixed(1)}H${right}` }),
      svg("text", { class: "chart-text", x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, written(data, tick))));
    const room = Math.max(...data.x.map((words) => words.length)) * LETTER + 16, every = Math.max(Math.ceil(room / (x(1) - x(0) || room)), 1);
    let free = 0;
    data.x.forEach((words, at) => {
      const half = words.length * LETTER / 2, middle = Math.min(Math.max(x(at), half), width - half);
      if (at % every || middle - half < free) return;
      free = middle + half + 8;
      drawing.append(svg("text", { class: "chart-text", x: middle, y: height - 4, "text-anchor": "middle" }, words));
    });
    data.series.forEach((series, index) => drawing.append(isBars ? bars(series, x, y, Math.min(band * 0.8, 28)) : line(data, series, index, x, y)));
    const rule = svg("path", { class: "chart-rule", d: "" });
    const tip = html("div", "chart-tip");
    tip.hidden = true;
    drawing.append(rule);
    place.append(drawing, tip);

    drawing.addEventListener("pointermove", (event) => {
      const box = drawing.getBoundingClientRect(), from = event.clientX - box.left;
      const at = Math.min(Math.max(isBars ? Math.floor((from - left) / band) : Math.round(((from - left) / (right - left)) * (many - 1)), 0), many - 1);
      rule.setAttribute("d", `M${x(at).toFixed(1)} ${high}V${y(bottom).toFixed(1)}`);
      tip.replaceChildren(...said(data, at));
      tip.hidden = false;
      tip.style.left = `${x(at) + 12 + tip.offsetWidth > width ? Math.max(x(at) - 12 - tip.offsetWidth, 0) : x(at) + 12}px`;
      tip.style.top = `${above + high}px`;
      // funnel.js opens it. A finger only looks: the table has the same links.
      const near = data.series.filter((series) => series.who && series.values[at])
        .sort((a, b) => Math.abs(y(a.values[at]) - event.clientY + box.top) - Math.abs(y(b.values[at]) - event.clientY + box.top))[0];
      if (near && place.dataset.people && event.pointerType === "mouse") drawing.dataset.opens = `${place.dataset.people}&${near.who}&who.at=${encodeURIComponent(data.at[at])}`;
      else delete drawing.dataset.opens;
    });
    drawing.addEventListener("pointerleave", () => { tip.hidden = true; rule.setAttribute("d", ""); });
  };

  const sized = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    if (target.dataset.drawn !== String(target.clientWidth)) { target.dataset.drawn = target.clientWidth; draw(target); }
  }));
  // The first call of the observer draws.
  const drawAll = (within) => [...(within.matches?.("[data-chart]") ? [within] : []), ...within.querySelectorAll("[data-chart]")].forEach((place) => {
    if (!watched.has(place)) { watched.add(place); sized.observe(place); }
  });
  document.addEventListener("htmx:load", (event) => drawAll(event.target));
  drawAll(document);
})();
