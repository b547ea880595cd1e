// The choice of colours is kept in a cookie, so that the server writes it into the page and nothing flashes.
const YEAR = 31536000;
const CHOICES = ['auto', 'light', 'dark'];

function chosen() {
  const found = document.cookie.match(/(?:^|; )govern-theme=(\w+)/);
  return found && CHOICES.includes(found[1]) ? found[1] : 'auto';
}

function apply(choice) {
  const root = document.documentElement;
  if (choice === 'auto') delete root.dataset.theme;
  else root.dataset.theme = choice;
  for (const input of document.querySelectorAll('[data-theme-choice] input')) input.checked = input.value === choice;
}

export function watchTheme() {
  document.querySelector('[data-theme-choice]')?.addEventListener('change', (event) => {
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `govern-theme=${event.target.value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
    apply(event.target.value);
  });
  addEventListener('pageshow', (event) => { if (event.persisted) apply(chosen()); });
}
