// The page: settings, stories, the conversation with the server, and a loop that asks for a slice of training and draws what comes back.
import { stories } from './stories.js';
import { drawBars, drawLines, drawMap, drawUnits, drawWeights, onResize, readColors, short } from './drawing.js';

const $ = id => document.getElementById(id);
const choices = await (await fetch('/choices')).json();
const { defaults, limits } = choices;
const UnitSide = 30, Side = 60;

let setup = { ...defaults }, story = null, complaint = '';
let socket, session, playing = false, waiting = 0, frame = null, isFresh = false, isBuilt = false, runs = 0;
let data = { train: [], test: [] }, history = [], ghosts = [], runName = 'this run', curve = null, frameTimes = [], seconds = null, cross = null, strokes = null;

// ---- settings ----

const fields = [
  ['Data', [
    ['data', 'points', choices.data], ['points', 'how many', [10, limits.points, 10]], ['noise', 'noise', [0, 1, 0.05]], ['testShare', 'share for test', [0.1, 0.9, 0.1]],
    ['inputScale', 'scale', [0.001, 1000, 'any']], ['standardize', 'standardised', 'check'],
  ]],
  ['Network', [
    ['activation', 'activation', choices.activation], ['weights', 'weights', choices.weights], ['biases', 'biases', [0, 1, 0.01]],
    ['normalization', 'normalisation', choices.normalization], ['dropout', 'dropout', [0, 0.9, 0.1]], ['output', 'output', choices.output],
  ]],
  ['Training', [
    ['loss', 'loss', choices.loss], ['optimizer', 'optimizer', choices.optimizer], ['rate', 'rate', [1e-9, 1000, 'any']], ['momentum', 'momentum', [0, 0.999, 'any']],
    ['l2', 'L2, λ', [0, 10, 'any']], ['schedule', 'schedule', choices.schedule], ['epochs', 'its epochs', [1, 10000, 1]], ['batch', 'batch', [1, 2000, 1]], ['seed', 'seed', [0, 2147483647, 1]],
  ]],
];

for (const [title, rows] of fields) {
  const set = document.createElement('fieldset');
  set.innerHTML = `<legend>${title}</legend>`;
  for (const [name, text, kind] of rows) {
    const label = document.createElement('label');
    label.textContent = text;
    let field;
    if (kind === 'check') {
      field = document.createElement('input');
      field.type = 'checkbox';
    } else if (typeof kind[0] === 'string') {
      field = document.createElement('select');
      field.append(...kind.map(choice => new Option(choice, choice)));
    } else {
      field = document.createElement('input');
      [field.type, field.min, field.max, field.step] = ['number', kind[0], kind[1], kind[2]];
    }
    field.id = name;
    field.addEventListener('change', () => {
      const value = kind === 'check' ? field.checked : field.type === 'number' ? Number(field.value) : field.value;
      if (field.type === 'number' && (field.value === '' || !field.checkValidity())) {
        say(`${text} must lie in ${field.min} to ${field.max}.`);
        showSettings();
        return;
      }
      change({ [name]: value });
    });
    label.append(field);
    set.append(label);
  }
  $('settings').append(set);
}

function showSettings() {
  for (const [, rows] of fields) for (const [name, , kind] of rows) {
    if (kind === 'check') $(name).checked = setup[name]; else $(name).value = setup[name];
  }
  $('pen').hidden = setup.data !== 'drawn';
  const kind = choices.regression.includes(setup.data) ? 'values' : 'classes';
  for (const part of document.querySelectorAll('[data-if]')) part.hidden = part.dataset.if !== kind;
  const columns = ['<div><span>inputs</span></div>'];
  setup.units.forEach((units, i) => columns.push(`<div><span>${units} unit${units > 1 ? 's' : ''}</span><span>
    <button type="button" data-layer="${i}" data-by="-1" aria-label="One unit less in layer ${i + 1}">−</button>
    <button type="button" data-layer="${i}" data-by="1" aria-label="One unit more in layer ${i + 1}">+</button></span></div>`));
  columns.push(`<div><span>output</span><span><button type="button" data-layers="-1" aria-label="One layer less" title="One layer less">−</button>
    <button type="button" data-layers="1" class="wide" aria-label="One layer more" title="One layer more">+ layer</button></span></div>`);
  $('layers').innerHTML = columns.join('');
  $('diagram').style.minWidth = `${56 * columns.length}px`;
}

$('layers').addEventListener('click', event => {
  const { layer, by, layers } = event.target.dataset;
  const units = [...setup.units];
  if (by) {
    const changed = units[layer] + Number(by);
    if (changed > limits.units) return say(`A layer has at most ${limits.units} units here.`);
    if (changed < 1) units.splice(layer, 1); else units[layer] = changed;
  } else if (layers) {
    if (layers > 0 && units.length >= limits.layers) return say(`A network has at most ${limits.layers} hidden layers here.`);
    if (layers > 0) units.push(units.at(-1) ?? 4); else units.pop();
  } else return;
  change({ units });
});

// ---- state in the address ----

const baseOf = () => ({ ...defaults, ...(story?.setup ?? {}) });

function toHash() {
  const base = baseOf(), parts = story ? [`story=${story.id}`] : [];
  for (const key of Object.keys(defaults)) {
    const value = key === 'drawn' ? setup.drawn.map(point => point.map(v => +v.toFixed(2)).join(',')).join(';') : Array.isArray(setup[key]) ? setup[key].join(',') : `${setup[key]}`;
    const standard = key === 'drawn' ? '' : Array.isArray(base[key]) ? base[key].join(',') : `${base[key]}`;
    if (value !== standard && (key !== 'drawn' || setup.data === 'drawn')) parts.push(`${key}=${encodeURIComponent(value)}`);
  }
  window.history.replaceState(null, '', parts.length ? `#${parts.join('&')}` : location.pathname);
}

// What an address says of a setting, or undefined if that is nothing one could choose.
function understood(key, text) {
  const isWithin = (value, low, high) => value >= low && value <= high;
  const numbers = text.split(',').filter(Boolean).map(Number);
  if (key === 'units') return numbers.length <= limits.layers && numbers.every(one => Number.isInteger(one) && isWithin(one, 1, limits.units)) ? numbers : undefined;
  if (key === 'drawn') {
    const points = text.split(';').filter(Boolean).map(point => point.split(',').map(Number));
    const isPoint = ([x, y, kind, ...more]) => isWithin(x, -limits.reach, limits.reach) && isWithin(y, -limits.reach, limits.reach) && (kind === 0 || kind === 1) && !more.length;
    return points.length <= limits.points && points.every(isPoint) ? points : undefined;
  }
  const kind = fields.flatMap(([, rows]) => rows).find(([name]) => name === key)?.[2];
  if (kind === 'check') return { true: true, false: false }[text];
  if (typeof kind?.[0] === 'string') return kind.includes(text) ? text : undefined;
  return kind && text !== '' && isWithin(Number(text), kind[0], kind[1]) && (kind[2] < 1 || kind[2] === 'any' || Number.isInteger(Number(text))) ? Number(text) : undefined;
}

function fromHash() {
  const given = new URLSearchParams(location.hash.slice(1).replaceAll('+', '%2B'));
  story = stories.find(one => one.id === given.get('story')) ?? (location.hash.length > 1 ? null : stories[0]);
  setup = baseOf();
  const strange = [];
  for (const [key, text] of given) {
    const value = Object.hasOwn(defaults, key) ? understood(key, text) : undefined;
    if (value !== undefined) setup[key] = value; else if (key !== 'story' || !story) strange.push(`${key}=${text}`.slice(0, 40));
  }
  complaint = strange.length ? `The address asks for ${strange.slice(0, 3).join(', ')}${strange.length > 3 ? ', …' : ''}, which does not exist here. The usual is shown instead.` : '';
}

// ---- stories ----

$('story').append(new Option('Free play', ''), ...stories.map(one => new Option(one.title, one.id)));

function showStory() {
  $('story').value = story?.id ?? '';
  $('text').innerHTML = '';
  for (const sentence of story?.text ?? ['Choose data, a network and a training on the left, and press Play.']) $('text').append(paragraph(sentence));
  if (story) $('text').append(paragraph(`Try: ${story.hint}`, 'try'));
  $('chips').innerHTML = '';
  for (const [name, patch] of story?.chips ?? []) {
    const button = document.createElement('button');
    button.textContent = name;
    button.addEventListener('click', () => {
      setup = { ...baseOf(), ...patch };
      restart(name, true);
      for (const other of $('chips').children) other.setAttribute('aria-pressed', other === button);
    });
    $('chips').append(button);
  }
  $('chips').firstChild?.setAttribute('aria-pressed', 'true');
}

function paragraph(text, kind) {
  const p = document.createElement('p');
  p.textContent = text;
  if (kind) p.className = kind;
  return p;
}

function tell(index) {
  story = stories[(index + stories.length) % stories.length] ?? null;
  setup = baseOf();
  ghosts = [];
  history = [];
  showStory();
  restart(story?.chips[0]?.[0] ?? 'this run', false);
}

$('story').addEventListener('change', () => {
  const chosen = stories.findIndex(one => one.id === $('story').value);
  if (chosen >= 0) return tell(chosen);
  story = null;
  showStory();
  toHash();
});
const next = by => tell((story ? stories.indexOf(story) : by > 0 ? -1 : 0) + by);
$('next').addEventListener('click', () => next(1));
$('previous').addEventListener('click', () => next(-1));

// ---- conversation ----

function connect() {
  session = crypto.randomUUID();
  socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/session/${session}`);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => { waiting = 0; restart(runName, playing); };
  socket.onmessage = ({ data: message }) => {
    waiting--;
    if (message instanceof ArrayBuffer) receiveFrame(message); else receive(JSON.parse(message));
  };
  socket.onclose = () => {
    setPlaying(false);
    say('The connection has ended. It is tried again every 3 seconds; with too many pages open, close one.');
    setTimeout(connect, 3000);
  };
}

function send(message) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  waiting++;
  socket.send(JSON.stringify(message));
}

function receive(reply) {
  if (reply.kind === 'refused') {
    setPlaying(false);
    say(reply.message);
    return;
  }
  if (reply.check) showCheck(reply.check);
  if (reply.kind === 'set') {
    data = { train: reply.train, test: reply.test };
    isBuilt = true;
    runs++;
    send({ do: 'run' });
  }
  if (reply.kind === 'find') {
    curve = reply;
    showFinder();
  }
}

function receiveFrame(buffer) {
  // A slice of the run before, asked for when the new one was not yet built.
  if (!isBuilt) return;
  const length = new DataView(buffer).getInt32(0, true);
  const numbers = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const hidden = setup.units.reduce((sum, units) => sum + units, 0);
  let at = 4 + length;
  numbers.units = new Uint8Array(buffer, at, hidden * UnitSide * UnitSide);
  at += numbers.units.length;
  numbers.map = new Uint8Array(buffer, at, Side * Side);
  numbers.weights = numbers.layers ? new Float32Array(buffer.slice(at + Side * Side)) : frame.weights;
  numbers.run = runs;
  numbers.layers ??= frame.layers;
  frame = numbers;
  isFresh = true;
  const last = history.at(-1);
  if (!last || frame.steps > last[0]) {
    history.push([frame.steps, frame.trainLoss, frame.testLoss]);
    if (history.length > 600) history = history.filter((_, i) => i % 2 === 0 || i === history.length - 1);
  }
  if (frame.stopped && playing) {
    setPlaying(false);
    send({ do: 'run' });
    say(`Training has stopped: ${frame.stopped}`);
  }
}

// ---- control ----

const needsPoints = () => setup.data === 'drawn' && setup.drawn.length < 4;

// Begins anew; the curve of the run before stays for comparison.
function restart(name, play) {
  if (history.length > 1) ghosts = [...ghosts, { name: runName, points: history }].slice(-4);
  history = [];
  runName = name;
  isBuilt = false;
  curve = null;
  say([complaint, needsPoints() ? 'Click into the plane to draw: at least 4 points.' : ''].join(' ').trim());
  complaint = '';
  showSettings();
  toHash();
  showFinder();
  seconds = null;
  if (needsPoints()) {
    data = { train: setup.drawn, test: [] };
    setPlaying(false);
    if (frame) { frame.map.fill(128); isFresh = true; }
    return;
  }
  send({ do: 'set', setup });
  setPlaying(play);
}

function change(patch) {
  const isTuning = Object.keys(patch).every(key => key === 'rate' || key === 'l2');
  setup = { ...setup, ...patch };
  if (isTuning && isBuilt) {
    toHash();
    showSettings();
    send({ do: 'tune', rate: setup.rate, l2: setup.l2 });
  } else {
    for (const chip of $('chips').children) chip.setAttribute('aria-pressed', 'false');
    restart(Object.entries(patch).map(([key, value]) => key === 'drawn' ? 'drawn' : `${key} ${value}`).join(', '), playing);
  }
}

function setPlaying(value) {
  playing = value;
  $('play').textContent = value ? '❚❚ Pause' : '▶ Play';
  $('play').setAttribute('aria-pressed', value);
  seconds = null;
}

const say = text => { $('status').textContent = text; };
const togglePlay = () => {
  if (needsPoints()) return;
  say('');
  setPlaying(!playing);
  if (!playing) send({ do: 'run' });
};
const step = () => { setPlaying(false); if (!needsPoints()) send({ do: 'run', steps: 1, milliseconds: 20 }); };
const reset = () => restart(runName, false);
const find = () => { if (!needsPoints()) send({ do: 'find' }); };

$('play').addEventListener('click', togglePlay);
$('step').addEventListener('click', step);
$('reset').addEventListener('click', reset);
$('find').addEventListener('click', find);
$('take').addEventListener('click', () => change({ rate: Number($('take').dataset.rate) }));
$('log').addEventListener('change', () => { isFresh = true; });
$('save').addEventListener('click', () => { location.href = `/model/${session}`; });
$('share').addEventListener('click', async () => {
  toHash();
  try {
    await navigator.clipboard.writeText(location.href);
    say('The address of this state is copied.');
  } catch {
    say(`The address of this state: ${location.href}`);
  }
});

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select, textarea') || event.target === $('map')) return;
  const action = { ' ': togglePlay, s: step, r: reset, n: () => next(1), p: () => next(-1), f: find }[event.key.toLowerCase()];
  if (!action || (event.key === ' ' && event.target.matches('button'))) return;
  event.preventDefault();
  action();
});

// ---- drawing points ----

function addPoint(x, y, kind) {
  const bounded = [x, y].map(v => Math.max(-limits.reach, Math.min(limits.reach, v)));
  (strokes ?? setup.drawn).push([...bounded, kind]);
}

function placeOf(event) {
  const box = $('map').getBoundingClientRect();
  return [((event.clientX - box.left) / box.width * 2 - 1) * limits.reach, (1 - (event.clientY - box.top) / box.height * 2) * limits.reach];
}

let lastPlace = null;
function draw(event) {
  if (!strokes || strokes.length >= limits.points) return;
  const place = placeOf(event);
  if (lastPlace && Math.hypot(place[0] - lastPlace[0], place[1] - lastPlace[1]) < 0.15) return;
  lastPlace = place;
  addPoint(...place, event.buttons & 2 ? 1 - Number($('class').value) : Number($('class').value));
  data = { train: strokes, test: [] };
  isFresh = true;
}

$('map').addEventListener('pointerdown', event => {
  if (setup.data !== 'drawn') return;
  $('map').setPointerCapture(event.pointerId);
  [strokes, lastPlace] = [[...setup.drawn], null];
  draw(event);
});
$('map').addEventListener('pointermove', draw);
$('map').addEventListener('pointerup', () => {
  if (!strokes) return;
  const drawn = strokes;
  strokes = null;
  change({ drawn });
});
$('map').addEventListener('contextmenu', event => { if (setup.data === 'drawn') event.preventDefault(); });
$('map').addEventListener('blur', () => { cross = null; isFresh = true; });
$('map').addEventListener('keydown', event => {
  if (setup.data !== 'drawn') return;
  const by = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] }[event.key];
  if (by) cross = (cross ?? [0, 0]).map((v, i) => Math.max(-limits.reach, Math.min(limits.reach, v + by[i])));
  else if (event.key === 'Enter' && cross) change({ drawn: [...setup.drawn, [...cross, Number($('class').value)]] });
  else return;
  event.preventDefault();
  isFresh = true;
});
$('clear').addEventListener('click', () => change({ drawn: [] }));

// ---- what is shown ----

function showCheck(findings) {
  $('check').innerHTML = '';
  for (const { code, severity, message, remedy } of findings) {
    const item = document.createElement('li');
    item.className = severity;
    item.innerHTML = '<b></b> <span></span> <em></em>';
    item.children[0].textContent = `${code} ${severity}`;
    item.children[1].textContent = `${message}.`;
    item.children[2].textContent = remedy ? `Remedy: ${remedy}.` : '';
    $('check').append(item);
  }
  if (!findings.length) $('check').innerHTML = '<li>Nothing: data, network, loss and rate look healthy.</li>';
}

function showFinder() {
  $('take').hidden = !curve?.suggestion;
  $('found').textContent = curve ? [curve.suggestion ? 'The line is the suggestion, two thirds into the valley where the loss falls.' : '', curve.reason].join(' ').trim() : 'Raises the rate batch by batch on a copy of the network, and watches the loss.';
  if (curve?.suggestion) {
    $('take').dataset.rate = Number(curve.suggestion.toPrecision(2));
    $('take').textContent = `Take ${Number(curve.suggestion.toPrecision(2))}`;
  }
  const points = curve?.points ?? [], start = points[0]?.[1] ?? 1;
  const clipped = i => points.map(point => [point[0], Math.min(point[i], 3 * start)]);
  drawLines($('finder'), [{ points: clipped(1), color: 'line', width: 1 }, { points: clipped(2), color: 'main' }], { logX: true, mark: curve?.suggestion });
}

const percent = value => value == null ? '–' : `${(100 * value).toFixed(1)} %`;
const text = (id, value) => { if ($(id).textContent !== value) $(id).textContent = value; };

function showFrame() {
  text('epoch', `${frame.epoch}`);
  text('steps', frame.steps.toLocaleString('en-US'));
  text('trainLoss', short(frame.trainLoss));
  text('testLoss', short(frame.testLoss));
  text('trainRight', percent(frame.trainAccuracy));
  text('testRight', percent(frame.testAccuracy));
  text('rateNow', short(frame.rate));
  const isRegression = choices.regression.includes(setup.data);
  drawMap($('map'), needsPoints() ? null : frame.map, Side, limits.reach, data, isRegression, cross);
  drawUnits($('net'), frame, UnitSide);
  const faded = ['#8a8f98', '#b08bc9', '#7fb08a', '#c9a56b'];
  const lines = ghosts.map((ghost, i) => ({ points: ghost.points.map(p => [p[0], p[1]]), color: faded[i], width: 1.3, alpha: 0.9 }));
  lines.push({ points: history.map(p => [p[0], p[2]]), color: 'test', dash: [6, 3] }, { points: history.map(p => [p[0], p[1]]), color: 'train' });
  drawLines($('curves'), lines, { logY: $('log').checked, labelX: 'steps' });
  const legend = `<b>${escape(runName)}</b> ${ghosts.map((ghost, i) => `<span><svg width="16" height="8" aria-hidden="true"><path d="M0 4h16" stroke="${faded[i]}" stroke-width="2"/></svg> ${escape(ghost.name)}: ${short(ghost.points.at(-1)[1])}</span>`).join('')}`;
  if ($('runs').dataset.shown !== legend) { $('runs').innerHTML = legend; $('runs').dataset.shown = legend; }
  // Not both in one frame, as they take longest.
  if (layersShown !== frame.layers) showLayers();
  else if (weightsShown !== frame.weights) {
    weightsShown = frame.weights;
    drawWeights($('lines'), frame);
  }
  // The rest with the next frame, also where no more will come.
  isFresh ||= layersShown !== frame.layers || weightsShown !== frame.weights;
}

const escape = value => value.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);

let layersShown = null, weightsShown = null;
function showLayers() {
  layersShown = frame.layers;
  const body = $('inside').tBodies[0];
  while (body.rows.length > frame.layers.length) body.deleteRow(-1);
  while (body.rows.length < frame.layers.length) {
    const row = body.insertRow();
    row.innerHTML = '<th></th><td><canvas></canvas> <small></small></td><td></td><td></td><td></td><td></td><td></td><td></td><td><canvas></canvas></td>';
  }
  frame.layers.forEach((layer, i) => {
    const cells = body.rows[i].cells;
    const name = `${i + 1 < frame.layers.length ? i + 1 : 'output'} · ${layer.name} '${layer.path}'`;
    const values = [name, null, short(layer.mean), short(layer.deviation), `${layer.dead} of ${layer.units}`, layer.saturated == null ? '–' : percent(layer.saturated), short(layer.weightNorm), short(layer.gradientNorm), null];
    values.forEach((value, k) => { if (value !== null && cells[k].textContent !== value) cells[k].textContent = value; });
    cells[4].className = layer.dead > 0 ? 'bad' : '';
    cells[5].className = layer.saturated > 0.3 ? 'bad' : '';
    cells[7].className = layer.gradientNorm != null && (layer.gradientNorm < 1e-7 || layer.gradientNorm > 1e3) ? 'bad' : '';
    drawBars(cells[1].firstChild, layer.values, 'main');
    cells[1].lastChild.textContent = `${short(layer.low)} to ${short(layer.high)}`;
    drawBars(cells[8].firstChild, layer.gradients, 'test');
  });
}

// The server computes the next slice while this one is drawn; a page that is not visible asks for nothing.
let framesShown = 0, slice = 16, asked = 0;
function tick(now) {
  requestAnimationFrame(tick);
  // What is inside the layers, and their weights, cost most, and are new in every third frame.
  if (playing && isBuilt && waiting === 0) send({ do: 'run', steps: Number($('speed').value), milliseconds: slice, layers: asked++ % 3 === 0 });
  if (!isFresh || !frame) return;
  isFresh = false;
  showFrame();
  framesShown++;
  // The share for training gives way until there are 30 frames a second.
  if (playing && frameTimes.length) slice = Math.max(3, Math.min(20, slice * (now - frameTimes.at(-1) > 34 ? 0.9 : 1.05)));
  frameTimes.push(now);
  while (frameTimes.length > 31 || now - frameTimes[0] > 2000) frameTimes.shift();
  if (frameTimes.length > 5 && playing) text('frames', (1000 * (frameTimes.length - 1) / (now - frameTimes[0])).toFixed(0));
  if (!seconds || now - seconds[0] > 1000) {
    if (seconds && frame.seconds > seconds[2]) text('pace', Math.round((frame.steps - seconds[1]) / (frame.seconds - seconds[2])).toLocaleString('en-US'));
    seconds = [now, frame.steps, frame.seconds];
  }
}

// ---- dark and light ----

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  readColors();
  drawAgain();
}

function drawAgain() {
  isFresh = true;
  [layersShown, weightsShown] = [null, null];
  showFinder();
}

const dark = matchMedia('(prefers-color-scheme: dark)');
setTheme(localStorage.getItem('theme') ?? (dark.matches ? 'dark' : 'light'));
dark.addEventListener('change', () => { if (!localStorage.getItem('theme')) setTheme(dark.matches ? 'dark' : 'light'); });
$('theme').addEventListener('click', () => {
  const name = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  localStorage.setItem('theme', name);
  setTheme(name);
});
onResize(drawAgain);
addEventListener('resize', drawAgain);
addEventListener('hashchange', () => {
  fromHash();
  [ghosts, history] = [[], []];
  showStory();
  restart(story?.chips[0]?.[0] ?? 'this run', false);
});

fromHash();
showStory();
runName = story?.chips[0]?.[0] ?? runName;
showSettings();
connect();
requestAnimationFrame(tick);

// For whoever looks from outside, such as the tests.
window.playground = { get frame() { return frame; }, get setup() { return setup; }, get framesShown() { return framesShown; }, get history() { return history; }, get playing() { return playing; }, stories };
