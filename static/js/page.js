// Small things: copying a digest, closing menus, taking the reader to what must be mended.
export function toast(text) {
  const note = Object.assign(document.createElement('div'), { className: 'toast', textContent: text });
  document.querySelector('.toasts')?.append(note);
  setTimeout(() => note.remove(), 5000);
}

export function watchCopy() {
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      toast('Copied');
    } catch {
      toast('Copying is not allowed here; the whole value is in the title.');
    }
  });
}

const MENUS = 'details[data-menu][open], details.moment[open]';

export function watchMenus() {
  document.addEventListener('click', (event) => {
    for (const menu of document.querySelectorAll(MENUS)) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of document.querySelectorAll(MENUS)) {
      if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
      menu.open = false;
    }
  });
}

export function focusErrors(root) {
  root.querySelector('[data-focus]')?.focus();
}
