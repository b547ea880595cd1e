// The box in the top bar: results while one types (an editable combobox with a list, by the ARIA Authoring Practices).
// Without script the same form opens /search. Ctrl+K goes to the box.
const WAIT = 120;
const LEAST = 2;

const fold = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');

function element(tag, className, text = '') {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

// The pages of the navigation, so that the box also leads there.
function pages() {
  return [...document.querySelectorAll('#nav a')].map((link) => ({
    label: link.querySelector('span').textContent, code: '', kind: link.closest('.nav-group').querySelector('h2').textContent,
    detail: '', href: link.getAttribute('href'),
  }));
}

function option(id, answer) {
  const item = element('li', 'search-option');
  item.id = id;
  item.setAttribute('role', 'option');
  item.setAttribute('aria-selected', 'false');
  item.dataset.href = answer.href;
  const name = element('span', 'search-name');
  if (answer.code) name.append(element('strong', 'leaf-id', answer.code), ' ');
  name.append(answer.label);
  item.append(name, element('small', 'muted', answer.kind));
  return item;
}

function drawn(groups) {
  let number = 0;
  return groups.map((group, place) => {
    const box = element('ul', 'search-group');
    const head = element('li', 'search-head', `${group.title} `);
    head.id = `search-group-${place}`;
    head.setAttribute('role', 'presentation');
    if (group.count_text) head.append(element('span', 'tnum', group.count_text));
    box.setAttribute('role', 'group');
    box.setAttribute('aria-labelledby', head.id);
    box.append(head, ...group.answers.map((answer) => option(`search-option-${number++}`, answer)));
    if (group.all && (!group.counted || group.count > group.answers.length)) {
      const all = option(`search-option-${number++}`, {
        label: `See all ${group.count_text}`, code: '', kind: '', href: group.all,
      });
      all.classList.add('search-all');
      box.append(all);
    }
    return box;
  });
}

function finder(at) {
  let running = null;
  return {
    stop: () => running?.abort(),
    // Resolves to groups; to null where the request was given up for a newer one, or was not answered.
    find: async (words) => {
      running?.abort();
      running = new AbortController();
      try {
        const query = new URLSearchParams(at ? { q: words, at } : { q: words });
        const response = await fetch(`/search.json?${query}`, {
          headers: { Accept: 'application/json' }, signal: running.signal,
        });
        return response.ok ? (await response.json()).groups : null;
      } catch {
        return null;
      }
    },
  };
}

export function watchSearch() {
  const form = document.querySelector('form[data-search]');
  const box = form?.querySelector('input[type="search"]');
  const list = form?.querySelector('[data-search-results]');
  const said = form?.querySelector('[role="status"]');
  if (!box || !list) return;
  const known = pages();
  const server = finder(form.querySelector('[name="at"]')?.value ?? '');
  let options = [];
  let at = -1;
  let timer = 0;

  for (const [name, value] of Object.entries({
    role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-haspopup': 'listbox',
  })) box.setAttribute(name, value);

  function mark(index) {
    options[at]?.setAttribute('aria-selected', 'false');
    at = index;
    const chosen = options[at];
    if (!chosen) { box.removeAttribute('aria-activedescendant'); return; }
    chosen.setAttribute('aria-selected', 'true');
    box.setAttribute('aria-activedescendant', chosen.id);
    chosen.scrollIntoView({ block: 'nearest' });
  }

  function open(shown) {
    list.hidden = !shown;
    box.setAttribute('aria-expanded', String(shown));
    if (!shown) mark(-1);
  }

  function show(groups) {
    mark(-1);
    list.replaceChildren(...drawn(groups));
    options = [...list.querySelectorAll('[role="option"]')];
    open(options.length > 0);
    const many = groups.reduce((sum, group) => sum + group.count, 0);
    said.textContent = many ? `${many} ${many === 1 ? 'result' : 'results'} in ${groups.length} ${groups.length === 1 ? 'group' : 'groups'}` : 'Nothing found';
  }

  function look() {
    clearTimeout(timer);
    const words = box.value.trim();
    if (words.length < LEAST) {
      server.stop();
      said.textContent = '';
      open(false);
      return;
    }
    timer = setTimeout(async () => {
      const found = await server.find(words);
      if (found === null || box.value.trim() !== words || !form.contains(document.activeElement)) return;
      const near = known.filter((page) => fold(page.label).includes(fold(words)));
      const own = near.length ? [{ title: 'Pages', count: near.length, counted: true, count_text: '', answers: near }] : [];
      show([...found, ...own]);
    }, WAIT);
  }

  function close(clear) {
    clearTimeout(timer);
    server.stop();
    if (!list.hidden) open(false);
    else if (clear) box.value = '';
  }

  function go(item) {
    const url = new URL(item.dataset.href, location.href);
    if (url.origin === location.origin) location.assign(url);
  }

  const step = (by) => {
    if (list.hidden && options.length && box.value.trim().length >= LEAST) open(true);
    if (list.hidden) return;
    // From the box to the first or last one, round, and back to the box in between.
    mark(((at + 1 + by + options.length + 1) % (options.length + 1)) - 1);
  };

  box.addEventListener('input', look);
  box.addEventListener('focus', () => { if (options.length && box.value.trim().length >= LEAST) open(true); });
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && options[at] && !list.hidden) {
      event.preventDefault();
      go(options[at]);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      close(true);
    } else if (event.key === 'Tab') close(false);
  });
  // The box keeps the focus while an option is pressed.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const item = event.target.closest('[role="option"]');
    if (item) go(item);
  });
  form.addEventListener('focusout', (event) => { if (!form.contains(event.relatedTarget)) close(false); });
  form.addEventListener('submit', (event) => { if (!box.value.trim()) event.preventDefault(); });
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
}
