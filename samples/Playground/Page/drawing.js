// What is drawn on canvases. Colours come from the style sheet, so that dark and light need nothing here.
let colors = {}, shades = new Uint32Array(256);

export function readColors() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ['ink', 'soft', 'line', 'card', 'neg', 'pos', 'middle', 'train', 'test', 'main']) colors[name] = style.getPropertyValue(`--${name}`).trim();
  const parse = text => [1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16));
  const [neg, middle, pos] = [colors.neg, colors.middle, colors.pos].map(parse);
  for (let i = 0; i < 256; i++) {
    const t = Math.max(-1, (i - 128) / 127), end = t < 0 ? neg : pos, part = Math.abs(t) * 0.85;
    const [r, g, b] = middle.map((m, k) => Math.round(m + (end[k] - m) * part));
    shades[i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
}

// The sizes of canvases, and what is called when one changes. Asking a canvas while drawing would lay out the page each time.
const sizes = new WeakMap();
let resized = () => {};
const observer = new ResizeObserver(entries => {
  for (const { target, contentRect } of entries) sizes.set(target, [contentRect.width, contentRect.height]);
  resized();
});
export const onResize = action => { resized = action; };

// Makes a canvas as sharp as the screen, and gives its context in CSS pixels.
function begin(canvas) {
  if (!sizes.has(canvas)) {
    sizes.set(canvas, [canvas.clientWidth, canvas.clientHeight]);
    observer.observe(canvas);
  }
  const ratio = devicePixelRatio || 1, [width, height] = sizes.get(canvas);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = '11px system-ui, "DejaVu Sans", sans-serif';
  return [context, width, height];
}

const sheets = new Map();

// Bytes as small square pictures below one another, each to be drawn at any size.
function picture(bytes, side, key) {
  let sheet = sheets.get(key);
  const height = bytes.length / side;
  if (!sheet || sheet.canvas.height !== height) {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [side, height];
    const context = canvas.getContext('2d');
    const image = context.createImageData(side, height);
    sheet = { canvas, context, image, pixels: new Uint32Array(image.data.buffer) };
    sheets.set(key, sheet);
  }
  for (let i = 0; i < bytes.length; i++) sheet.pixels[i] = shades[bytes[i]];
  sheet.context.putImageData(sheet.image, 0, 0);
  return sheet.canvas;
}

const shade = value => `#${(shades[Math.round(128 + 127 * Math.max(-1, Math.min(1, value)))] & 0xffffff).toString(16).padStart(6, '0').match(/../g).reverse().join('')}`;

// The data's points, which stay while it trains, on a canvas of their own.
let sheetOfPoints = { of: [] };
function pointsOn(width, height, reach, data, isRegression) {
  const of = [width, height, devicePixelRatio, data, data.train.length, isRegression, colors.ink];
  if (of.every((one, i) => one === sheetOfPoints.of[i])) return sheetOfPoints.canvas;
  const canvas = document.createElement('canvas'), ratio = devicePixelRatio || 1, context = canvas.getContext('2d');
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  context.scale(ratio, ratio);
  for (const [points, isTest] of [[data.train, false], [data.test, true]]) {
    for (const point of points) {
      const [x, y] = place(point, width, height, reach), value = isRegression ? point[2] : 2 * point[2] - 1;
      context.beginPath();
      if (!isRegression && point[2] < 0.5) context.rect(x - 3, y - 3, 6, 6); else context.arc(x, y, 3.4, 0, 7);
      context.fillStyle = isRegression ? shade(value) : value > 0 ? colors.pos : colors.neg;
      context.strokeStyle = isTest ? colors.ink : colors.card;
      context.lineWidth = 1.2;
      context.fill();
      context.stroke();
    }
  }
  sheetOfPoints = { of, canvas };
  return canvas;
}

const place = ([x, y], width, height, reach) => [(x / reach + 1) / 2 * width, (1 - y / reach) / 2 * height];

export function drawMap(canvas, bytes, side, reach, data, isRegression, cross) {
  const [context, width, height] = begin(canvas);
  if (!width) return;
  if (bytes) context.drawImage(picture(bytes, side, 'map'), 0, 0, width, height);
  context.drawImage(pointsOn(width, height, reach, data, isRegression), 0, 0, width, height);
  if (cross) {
    const [x, y] = place(cross, width, height, reach);
    context.strokeStyle = colors.ink;
    context.beginPath(); context.moveTo(x - 8, y); context.lineTo(x + 8, y); context.moveTo(x, y - 8); context.lineTo(x, y + 8); context.stroke();
  }
}

// Where the columns of units are: how far apart, how large each square is, and the middle of each.
function places(frame, width, height) {
  const columns = [2, ...frame.layers.map(layer => layer.units)], most = Math.max(...columns);
  const gap = width / columns.length, size = Math.max(10, Math.min(38, height / most - 4, gap * 0.6));
  const center = (column, unit) => [gap * (column + 0.5), height / 2 + (unit - (columns[column] - 1) / 2) * Math.min(height / columns[column], size + 12)];
  return { columns, size, center };
}

// The weights as lines, on a canvas below that of the units.
export function drawWeights(canvas, frame) {
  const [context, width, height] = begin(canvas);
  const { columns, size, center } = places(frame, width, height);
  let at = 0;
  for (let column = 1; column < columns.length; column++) {
    const [inputs, units] = [columns[column - 1], columns[column]];
    let greatest = 1e-9;
    for (let i = 0; i < inputs * units; i++) greatest = Math.max(greatest, Math.abs(frame.weights[at + i]));
    const scale = Math.max(greatest, 0.3);
    for (let unit = 0; unit < units; unit++) {
      for (let input = 0; input < inputs; input++) {
        const weight = frame.weights[at + unit * inputs + input], part = Math.abs(weight) / scale;
        if (!(part > 0.01)) continue;
        const [x1, y1] = center(column - 1, input), [x2, y2] = center(column, unit);
        context.beginPath();
        context.moveTo(x1 + size / 2, y1);
        context.lineTo(x2 - size / 2, y2);
        context.strokeStyle = weight > 0 ? colors.pos : colors.neg;
        context.globalAlpha = 0.15 + 0.75 * part;
        context.lineWidth = 0.4 + 4 * part;
        context.stroke();
      }
    }
    at += inputs * units;
  }
  context.globalAlpha = 1;
}

// A map of what each unit gives over the plane.
export function drawUnits(canvas, frame, unitSide) {
  const [context, width, height] = begin(canvas);
  const { columns, size, center } = places(frame, width, height);
  const units = frame.units.length ? picture(frame.units, unitSide, 'units') : null;
  let unitAt = 0;
  for (let column = 0; column < columns.length; column++) {
    for (let unit = 0; unit < columns[column]; unit++) {
      const [x, y] = center(column, unit), left = x - size / 2, top = y - size / 2;
      if (column === 0) {
        const ramp = context.createLinearGradient(left, top + size, unit === 0 ? left + size : left, unit === 0 ? top + size : top);
        for (const t of [-1, 0, 1]) ramp.addColorStop((t + 1) / 2, shade(t));
        context.fillStyle = ramp;
        context.fillRect(left, top, size, size);
        context.fillStyle = colors.ink;
        context.fillText(unit === 0 ? 'x' : 'y', left - 12, y + 4);
      } else if (column === columns.length - 1) {
        context.drawImage(picture(frame.map, Math.sqrt(frame.map.length), 'map'), left, top, size, size);
      } else {
        context.drawImage(units, 0, unitSide * unitAt++, unitSide, unitSide, left, top, size, size);
      }
      context.strokeStyle = colors.line;
      context.lineWidth = 1;
      context.strokeRect(left, top, size, size);
    }
  }
}

export const short = value => value == null || !isFinite(value) ? '–' : value === 0 ? '0' : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3 ? value.toExponential(1) : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3);

// Lines over a common pair of axes: each has points [x, y], a colour and a dash.
export function drawLines(canvas, lines, { logX = false, logY = false, mark = null, labelX = '' } = {}) {
  const [context, width, height] = begin(canvas);
  const [left, right, top, bottom] = [44, 8, 6, 18];
  const fx = logX ? Math.log10 : v => v, fy = logY ? v => Math.log10(Math.max(v, 1e-12)) : v => v;
  let [lowX, highX, lowY, highY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const line of lines) for (const [x, y] of line.points) {
    if (y == null || !isFinite(y)) continue;
    lowX = Math.min(lowX, fx(x)); highX = Math.max(highX, fx(x)); lowY = Math.min(lowY, fy(y)); highY = Math.max(highY, fy(y));
  }
  context.strokeStyle = colors.line;
  context.lineWidth = 1;
  context.strokeRect(left, top, width - left - right, height - top - bottom);
  if (!(highX >= lowX)) return;
  if (!logY) lowY = Math.min(0, lowY);
  if (highX - lowX < 1e-9) highX = lowX + 1;
  if (highY - lowY < 1e-6) highY = lowY + (logY ? 1 : 0.1);
  const px = x => left + (fx(x) - lowX) / (highX - lowX) * (width - left - right);
  const py = y => height - bottom - (fy(y) - lowY) / (highY - lowY) * (height - top - bottom);
  context.fillStyle = colors.soft;
  context.textAlign = 'right';
  context.fillText(short(logY ? 10 ** highY : highY), left - 4, top + 10);
  context.fillText(short(logY ? 10 ** lowY : lowY), left - 4, height - bottom);
  context.textAlign = 'left';
  context.fillText(short(logX ? 10 ** lowX : lowX), left, height - 4);
  context.textAlign = 'right';
  context.fillText(`${logX ? short(10 ** highX) : Math.round(highX)} ${labelX}`, width - right, height - 4);
  context.textAlign = 'left';
  for (const line of lines) {
    context.beginPath();
    let down = false;
    for (const [x, y] of line.points) {
      if (y == null || !isFinite(y)) { down = false; continue; }
      if (down) context.lineTo(px(x), py(y)); else context.moveTo(px(x), py(y));
      down = true;
    }
    context.strokeStyle = colors[line.color] ?? line.color;
    context.globalAlpha = line.alpha ?? 1;
    context.lineWidth = line.width ?? 2;
    context.setLineDash(line.dash ?? []);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  if (mark) {
    context.strokeStyle = colors.ink;
    context.beginPath(); context.moveTo(px(mark), top); context.lineTo(px(mark), height - bottom); context.stroke();
  }
}

export function drawBars(canvas, counts, color) {
  const [context, width, height] = begin(canvas);
  const highest = Math.max(1, ...counts);
  context.fillStyle = colors[color];
  for (let i = 0; i < counts.length; i++) {
    const bar = counts[i] === 0 ? 0 : Math.max(1.5, counts[i] / highest * (height - 2));
    context.fillRect(i * width / counts.length, height - 1 - bar, width / counts.length - 1, bar);
  }
  context.fillStyle = colors.line;
  context.fillRect(0, height - 1, width, 1);
}
