// A form for many files: each file is sent by itself, with its own progress, answer and Idempotency-Key.
const AT_ONCE = 2;

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes;
  let unit = -1;
  while (value >= 1000 && unit < 2) { value /= 1000; unit += 1; }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

function key() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Pages served without TLS have no randomUUID; the random bytes are there all the same.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function element(tag, className, text = '') {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function row(file) {
  const item = element('li', '');
  const bar = Object.assign(document.createElement('progress'), { max: 100, value: 0 });
  bar.setAttribute('aria-label', `Sending ${file.name}`);
  const act = Object.assign(element('button', 'btn small ghost', 'Remove'), { type: 'button' });
  act.setAttribute('aria-label', `Remove ${file.name}`);
  const note = element('p', '', 'Waiting');
  item.append(element('span', 'upload-name', file.name), element('span', 'muted tnum', size(file.size)), act, bar, note);
  return { file, item, bar, act, note, key: key(), state: 'waiting' };
}

function settle(entry, state, text, href = '') {
  entry.state = state;
  entry.item.dataset.state = state;
  entry.note.replaceChildren(text);
  if (href) {
    const link = Object.assign(element('a', '', 'Open it'), { href });
    entry.note.append(' ', link);
  }
  entry.bar.hidden = state !== 'sending';
  entry.act.hidden = state === 'done' || state === 'sending';
  entry.act.textContent = state === 'failed' ? 'Try again' : 'Remove';
  entry.act.setAttribute('aria-label', `${entry.act.textContent}: ${entry.file.name}`);
}

function answer(request) {
  try { return JSON.parse(request.responseText); } catch { return {}; }
}

// Resolves when the file is settled, well or badly; never rejects.
function send(form, field, entry) {
  return new Promise((resolve) => {
    const data = new FormData(form);
    data.delete(field);
    data.append(field, entry.file, entry.file.name);
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Idempotency-Key', entry.key);
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) entry.bar.value = (100 * event.loaded) / event.total;
      if (event.loaded === event.total) entry.note.textContent = 'Reading it…';
    });
    request.addEventListener('load', () => {
      const body = answer(request);
      if (request.status >= 200 && request.status < 300) settle(entry, 'done', body.text ?? 'Recorded.', body.href ?? '');
      else settle(entry, 'failed', [body.detail ?? body.title ?? `Refused (${request.status}).`, body.mend].filter(Boolean).join(' '), body.href ?? '');
      resolve();
    });
    request.addEventListener('error', () => { settle(entry, 'failed', 'The connection broke. Try again; nothing is sent twice.'); resolve(); });
    settle(entry, 'sending', 'Sending…');
    request.send(data);
  });
}

function enhance(form) {
  const input = form.querySelector('input[type="file"]');
  const drop = form.querySelector('[data-drop]');
  const list = form.querySelector('[data-uploads]');
  const said = form.querySelector('[data-upload-status]');
  const immediate = 'immediate' in form.dataset;
  const entries = new Set();
  input.required = false;

  function tell() {
    const all = [...entries];
    const count = (state) => all.filter((entry) => entry.state === state).length;
    if (!all.length) return;
    said.textContent = `${count('done')} of ${all.length} recorded${count('failed') ? `, ${count('failed')} refused` : ''}.`;
    if (count('done') === all.length) form.dispatchEvent(new CustomEvent('govern:uploaded', { bubbles: true }));
  }

  async function work() {
    const next = () => [...entries].find((entry) => entry.state === 'waiting');
    const worker = async () => { for (let entry = next(); entry; entry = next()) await send(form, input.name, entry); };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    tell();
  }

  function add(files) {
    for (const file of files) {
      const entry = row(file);
      entries.add(entry);
      list.append(entry.item);
      settle(entry, 'waiting', 'Ready to send.');
      entry.act.addEventListener('click', () => {
        if (entry.state === 'failed') { settle(entry, 'waiting', 'Waiting'); work(); return; }
        entries.delete(entry);
        entry.item.remove();
        input.focus();
      });
    }
    input.value = '';
    said.textContent = `${entries.size} files listed.`;
    if (immediate) form.requestSubmit();
  }

  input.addEventListener('change', () => add([...input.files]));
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', type === 'dragenter' || type === 'dragover');
      if (type === 'drop') add([...event.dataTransfer.files]);
    });
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (![...entries].some((entry) => entry.state === 'waiting')) { input.focus(); input.showPicker?.(); return; }
    work();
  });
}

export function enhanceUploads(root) {
  for (const form of root.querySelectorAll('form[data-upload]')) enhance(form);
}
