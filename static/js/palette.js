// Ctrl+K: jump to a page of the navigation, or to what /search.json finds.
const MOST = 12;
const WAIT = 140;

const fold = (text) => text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');

function pages() {
  return [...document.querySelectorAll('#nav .nav-group')].flatMap((group) => {
    const kind = group.querySelector('h2').textContent;
    return [...group.querySelectorAll('a')].map((link) => ({
      label: link.querySelector('span').textContent, kind, href: link.getAttribute('href'),
    }));
  });
}

function finder() {
  let answers = true;
  let running = null;
  return async (words) => {
    running?.abort();
    if (!answers || words.length < 2) return [];
    running = new AbortController();
    try {
      const response = await fetch(`/search.json?q=${encodeURIComponent(words)}`, {
        headers: { Accept: 'application/json' }, signal: running.signal,
      });
      if (response.status === 404) answers = false;
      return response.ok ? (await response.json()).results : [];
    } catch (error) {
      return error.name === 'AbortError' ? null : [];
    }
  };
}

export function watchPalette() {
  const dialog = document.getElementById('palette');
  if (!dialog) return;
  const box = dialog.querySelector('input');
  const list = dialog.querySelector('ul');
  const said = dialog.querySelector('[role="status"]');
  const known = pages();
  const find = finder();
  let hits = [];
  let at = 0;
  let timer = 0;

  function mark() {
    [...list.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === at)));
    const item = list.children[at];
    if (hits.length && item) {
      box.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({ block: 'nearest' });
    } else box.removeAttribute('aria-activedescendant');
  }

  function show(found) {
    hits = found.slice(0, MOST);
    at = 0;
    list.replaceChildren(...hits.map((hit, index) => {
      const item = document.createElement('li');
      item.id = `palette-${index}`;
      item.setAttribute('role', 'option');
      const kind = document.createElement('small');
      kind.textContent = hit.detail ? `${hit.kind} · ${hit.detail}` : hit.kind;
      item.append(hit.label, kind);
      return item;
    }));
    list.hidden = !hits.length;
    box.setAttribute('aria-expanded', String(hits.length > 0));
    said.textContent = hits.length ? `${hits.length} results` : 'Nothing found';
    mark();
  }

  function look() {
    const words = box.value.trim();
    const near = known.filter((page) => fold(page.label).includes(fold(words)));
    show(near);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const found = await find(words);
      if (found && found.length && box.value.trim() === words) show([...near, ...found]);
    }, WAIT);
  }

  function open() {
    if (dialog.open) return;
    box.value = '';
    show(known);
    dialog.showModal();
    box.focus();
  }

  function go(index) {
    if (!hits[index]) return;
    const url = new URL(hits[index].href, location.href);
    if (url.origin === location.origin) location.assign(url);
  }

  box.addEventListener('input', look);
  box.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      at = hits.length ? (at + step + hits.length) % hits.length : 0;
      mark();
      event.preventDefault();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(at);
    }
  });
  list.addEventListener('click', (event) => go([...list.children].indexOf(event.target.closest('li'))));
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.querySelector('[data-palette-open]')?.addEventListener('click', open);
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      open();
    }
  });
}
