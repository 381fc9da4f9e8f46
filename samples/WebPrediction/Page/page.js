// The form is made from the model's schema; the service alone knows what is right, and says it by the field's name.
const $ = id => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const fields = await (await fetch('/fields')).json();

for (const [i, field] of fields.entries()) {
  const id = `field${i}`;
  const input = field.kind === 'Category'
    ? make('select', { id }, make('option', { value: '', textContent: field.isRequired ? 'choose …' : '–' }), ...field.categories.map(name => make('option', { value: name, textContent: name })))
    : make('input', { id, type: { Number: 'number', Flag: 'checkbox', Date: 'date' }[field.kind] });
  if (field.kind === 'Number') input.step = 'any';
  input.setAttribute('aria-describedby', `${id}problem`);
  const label = make('label', { htmlFor: id }, field.name.replaceAll(/[-_]/g, ' '), field.isRequired || field.kind === 'Flag' ? '' : make('em', { textContent: ' optional' }));
  const problem = make('p', { id: `${id}problem`, className: 'problem' });
  const isFlag = field.kind === 'Flag';
  $('fields').append(make('div', { className: isFlag ? 'field flag' : 'field' }, isFlag ? input : label, isFlag ? label : input, problem));
  Object.assign(field, { input, problem });
}

// What a browser keeps to itself of a number that is none.
const noNumber = 'no number';
const row = () => Object.fromEntries(fields
  .filter(({ kind, input }) => kind === 'Flag' || input.value !== '' || input.validity.badInput)
  .map(({ name, kind, input }) => [name, kind === 'Flag' ? input.checked : kind === 'Number' ? (input.validity.badInput ? noNumber : Number(input.value)) : input.value]));

const showProblems = errors => {
  for (const { name, input, problem } of fields) {
    problem.textContent = (errors[name] ?? []).join(' ')
      .replace(', and the training data had one in every row', '; please fill it in').replace(`, received '${noNumber}'`, '');
    input.setAttribute('aria-invalid', name in errors);
  }
  fields.find(({ name }) => name in errors)?.input.focus();
};

const percent = value => `${(100 * value).toFixed(1)} %`;
const number = value => typeof value === 'number' ? Number(value.toPrecision(4)).toString() : value;
const answer = prediction => {
  const parts = [make('h2', { textContent: prediction.label ?? 'Prediction' })];
  for (const [name, probability] of Object.entries(prediction.probabilities)) {
    parts.push(make('div', { className: 'bar' }, make('span', { textContent: name }), make('span', { textContent: percent(probability) }), make('progress', { max: 1, value: probability, ariaLabel: name })));
  }
  for (const [name, { value, low, high }] of Object.entries(prediction.values)) {
    parts.push(make('p', { textContent: `${name}: ${number(value)}${low === null ? '' : ` (${number(low)} to ${number(high)})`}` }));
  }
  if (prediction.isRejected) parts.push(make('p', { className: 'warning', textContent: 'The probability is too low to rely on.' }));
  if (prediction.unknownCategories.length) parts.push(make('p', { className: 'warning', textContent: `Not known from training: ${prediction.unknownCategories.join(', ')}.` }));
  return parts;
};

const showRequest = () => $('request').textContent = `POST ${location.origin}/predict\nContent-Type: application/json\n\n${JSON.stringify(row(), null, 2)}`;
const failure = text => [make('p', { className: 'error', textContent: text })];

$('form').addEventListener('submit', async event => {
  event.preventDefault();
  showRequest();
  try {
    const response = await fetch('/predict', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(row()) });
    const body = await response.json();
    const errors = body.errors ?? {};
    showProblems(errors);
    $('result').replaceChildren(...(response.ok ? answer(body) : failure(Object.keys(errors).length ? `${body.title} See the marked fields.` : body.detail ?? body.title)));
    if (response.ok) $('result').scrollIntoView({ block: 'nearest' });
  } catch {
    $('result').replaceChildren(...failure('The service does not answer. Is it running?'));
  }
});
$('form').addEventListener('input', showRequest);
$('form').addEventListener('reset', () => { showProblems({}); $('result').replaceChildren(); setTimeout(showRequest); });
$('theme').addEventListener('click', () => {
  const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark' || (!document.documentElement.style.colorScheme && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.style.colorScheme = isDark ? 'light' : 'dark';
});
showRequest();
document.body.dataset.ready = 'true';
