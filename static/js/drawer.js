// Links with data-drawer open their page's content at the side. The address follows, so a drawer can be shared; Back closes it.
const HEADERS = { 'X-Fragment': 'drawer', Accept: 'text/html' };

async function fragment(url) {
  const response = await fetch(url, { headers: HEADERS });
  if (!response.ok || response.redirected) throw new Error(`no fragment: ${response.status}`);
  const parsed = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (!parsed.querySelector('.drawer-body')) throw new Error('no fragment: a whole page');
  return [...parsed.body.children].map((node) => document.importNode(node, true));
}

const plainClick = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

const withoutHash = (url) => url.split('#')[0];

export function watchDrawer(enhance) {
  const dialog = document.getElementById('drawer');
  if (!dialog) return;
  let opener = null;
  // The address of the page below. After a reload the drawer's own address is that of a page like any other.
  const under = withoutHash(location.href);
  if (history.state?.drawer) history.replaceState(null, '');

  async function load(url) {
    dialog.setAttribute('aria-busy', 'true');
    try {
      dialog.replaceChildren(...await fragment(url));
    } catch {
      location.assign(url);
      return false;
    }
    dialog.removeAttribute('aria-busy');
    const title = dialog.querySelector('#drawer-title');
    if (title) dialog.setAttribute('aria-label', title.textContent.trim());
    const page = dialog.querySelector('[data-drawer-page]');
    if (page) page.href = url;
    enhance(dialog);
    return true;
  }

  async function open(link) {
    const url = link.href;
    const first = !dialog.open;
    if (first) {
      opener = link;
      dialog.replaceChildren(Object.assign(document.createElement('p'), { className: 'drawer-wait', textContent: 'Loading…' }));
      dialog.showModal();
    }
    if (!await load(url)) return;
    history[first ? 'pushState' : 'replaceState']({ drawer: url }, '', url);
    dialog.querySelector('#drawer-title')?.focus();
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-drawer]');
    if (!link || !plainClick(event) || new URL(link.href).origin !== location.origin) return;
    event.preventDefault();
    open(link);
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => {
    if (history.state?.drawer) history.back();
    if (opener?.isConnected) opener.focus();
    opener = null;
  });
  addEventListener('popstate', async (event) => {
    if (event.state?.drawer) {
      if (!dialog.open) dialog.showModal();
      await load(event.state.drawer);
    } else if (dialog.open) dialog.close();
    if (!event.state?.drawer && withoutHash(location.href) !== under) location.reload();
  });
}
