// In the picture of a trace: pointing at a box, or moving to it by keyboard, shows the chains that run through it.
function rowsOf(part) {
  return (part.dataset.rows ?? '').split(' ').filter(Boolean);
}

function watch(scroll) {
  const picture = scroll.querySelector('svg');
  const parts = [...scroll.querySelectorAll('[data-rows]')].map((part) => [part, rowsOf(part)]);

  function show(box) {
    const wanted = new Set(box ? rowsOf(box) : []);
    picture.classList.toggle('tracing', wanted.size > 0);
    for (const [part, rows] of parts) part.classList.toggle('on', rows.some((row) => wanted.has(row)));
  }

  const boxOf = (event) => event.target.closest?.('.trace-box, .trace-stub');
  picture.addEventListener('pointerover', (event) => show(boxOf(event)));
  picture.addEventListener('pointerleave', () => show(picture.querySelector('.trace-box:focus-visible')));
  picture.addEventListener('focusin', (event) => show(boxOf(event)));
  picture.addEventListener('focusout', () => show(null));
}

for (const scroll of document.querySelectorAll('[data-trace]')) watch(scroll);
