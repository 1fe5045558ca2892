// Draws <div class="chart" data-chart="ID" role="img" aria-label="…"> from <script type="application/json" id="ID">.
// In what htmx swaps in (it takes script elements out) the same JSON stands in data-chart-data instead.
// {"kind": "line" | "bars", "x": ["2026-10-01", …], "unit": "people", "incomplete_last": true,
//  "series": [{"name": "…", "values": [1, null, …], "hue": 1, "dashed": false}], "marks": [{"x": "2026-10-07", "label": "release"}]}
// Loaded, with vendor/echarts.min.js before it, only on pages that hold a chart. Colours come from the CSS variables.
(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const drawn = new Map();
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const thousands = new Intl.NumberFormat("en-GB");

  const DASHES = "path://M0 0h5v4h-5z M8 0h5v4h-5z";

  const lineSeries = (data) => data.series.flatMap((series, index) => {
    const colour = css(`--ff-hue-${series.hue || (index % 6) + 1}`);
    const symbols = ["circle", "rect", "triangle", "diamond", "roundRect", "pin"];
    const base = {
      type: "line", name: series.name, color: colour, symbol: symbols[index % 6], symbolSize: 5, connectNulls: false,
      showSymbol: series.values.length < 40 && !series.dashed, emphasis: { disabled: true },
      // The period before is the same thing, so it keeps its colour: paler and dashed.
      lineStyle: { width: series.dashed ? 1.5 : 2, type: series.dashed ? "dashed" : "solid", opacity: series.dashed ? 0.7 : 1 },
    };
    const last = series.values.length - 1;
    const first = data.incomplete_first && last > 1 ? 1 : 0;
    // `open_from`: from this bucket on nothing is final yet.
    const open = data.open_from ?? (data.incomplete_last ? last : last + 1);
    const end = Math.max(open - 1, first);
    if (series.dashed || last < 1 || (!first && end >= last)) return [{ ...base, data: series.values }];
    // A bucket that is not whole (the last is still filling, the first began before the period): its piece of the line is dotted.
    const piece = (from, to) => series.values.map((value, at) => (at >= from && at <= to ? value : null));
    const dotted = (from, to) => ({ ...base, data: piece(from, to), lineStyle: { width: 2, type: "dotted" }, showSymbol: base.showSymbol || series.values[to - 1] === null, showAllSymbol: true });
    return [{ ...base, data: piece(first, end) }, ...(first ? [dotted(0, 1)] : []), ...(end < last ? [dotted(end, last)] : [])];
  });
  const barSeries = (data) => data.series.map((series, index) => ({
    type: "bar", name: series.name, color: css(`--ff-hue-${series.hue || (index % 6) + 1}`), data: series.values, barMaxWidth: 28,
  }));

  const written = (data) => (value) => thousands.format(value) + (data.is_percent ? "\u00a0%" : "");
  const said = (data) => (points) => {
    const at = points[0].dataIndex;
    const isCut = (data.incomplete_last && at === data.x.length - 1) || (data.incomplete_first && at === 0);
    const open = isCut ? " (not whole)" : at >= (data.open_from ?? Infinity) ? " (some can still go on)" : "";
    const lines = data.series.map((series) => {
      const value = series.values[at];
      return `${series.name}: ${value === null || value === undefined ? "no data" : written(data)(value)}`;
    });
    return [`${data.x[at]}${open}`, ...lines].join("\n");
  };

  const options = (data) => {
    const soft = css("--ff-ink-soft");
    const line = css("--ff-line");
    const series = data.kind === "bars" ? barSeries(data) : lineSeries(data);
    // Of several lines the page says once that dashed is the period before.
    const whole = data.series.filter((each) => !each.dashed);
    const named = whole.length > 1 ? whole : data.series;
    if (data.marks?.length && series.length) {
      series[0].markLine = {
        symbol: "none", silent: true, lineStyle: { color: soft, type: "dotted" }, label: { color: soft, formatter: "{b}" },
        data: data.marks.map((mark) => ({ name: mark.label, xAxis: mark.x })),
      };
    }
    return {
      animation: !still.matches, animationDuration: 250,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: soft },
      grid: { left: 4, right: 12, top: data.series.length > 1 ? 32 : 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: data.series.length > 1 ? { top: 0, left: 0, type: "scroll", icon: "roundRect", itemWidth: 12, itemHeight: 10, textStyle: { color: soft }, pageTextStyle: { color: soft }, pageIconColor: soft, pageIconInactiveColor: line, data: named.map((each) => (each.dashed ? { name: each.name, icon: DASHES, itemStyle: { opacity: 0.7 } } : each.name)) } : undefined,
      // richText: the html tooltip needs inline styles, which the CSP forbids.
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, formatter: said(data), backgroundColor: css("--ff-raised"), borderColor: line, textStyle: { color: css("--ff-ink"), fontSize: 12 }, axisPointer: { lineStyle: { color: soft } } },
      xAxis: { type: "category", data: data.x, boundaryGap: data.kind === "bars", axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: soft, hideOverlap: true } },
      yAxis: { type: "value", min: 0, minInterval: data.is_percent ? 0 : 1, splitNumber: 4, splitLine: { lineStyle: { color: line } }, axisLabel: { color: soft, formatter: written(data) } },
      series,
    };
  };

  const draw = (place) => {
    const data = JSON.parse(place.dataset.chartData || document.getElementById(place.dataset.chart).textContent);
    const chart = drawn.get(place) || echarts.init(place, null, { renderer: "canvas" });
    if (!drawn.has(place)) new ResizeObserver(() => chart.resize()).observe(place);
    drawn.set(place, chart);
    chart.setOption(options(data), true);
  };
  const drawAll = (within) => {
    if (within.matches?.("[data-chart]")) draw(within);
    within.querySelectorAll("[data-chart]").forEach(draw);
  };

  document.documentElement.addEventListener("ff:theme", () => drawn.forEach((_, place) => draw(place)));
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) drawAll(event.target); });
  document.addEventListener("htmx:beforeCleanupElement", (event) => {
    drawn.get(event.target)?.dispose();
    drawn.delete(event.target);
  });
  drawAll(document);
})();
