// Filters that submit themselves, and selecting rows for one action on all of them.
export function watchFilters() {
  document.addEventListener('change', (event) => {
    const form = event.target.closest('form[data-autosubmit]');
    if (form && !event.target.matches('[type="search"]')) form.requestSubmit();
  });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('form[data-autosubmit]')) return;
    // Empty fields stay out of the address: a filtered view is a link people share.
    for (const field of event.target.elements) if (field.name && field.value === '') field.disabled = true;
  });
  addEventListener('pageshow', () => {
    for (const field of document.querySelectorAll('form[data-autosubmit] :disabled')) field.disabled = false;
  });
}

function watchSelection(wrap) {
  const bar = document.getElementById(wrap.dataset.select);
  const all = wrap.querySelector('[data-select-all]');
  const boxes = [...wrap.querySelectorAll('tbody .tick input')];
  const noun = bar?.dataset.noun ?? 'item';

  function draw() {
    const here = boxes.filter((box) => box.checked).length;
    all.checked = here > 0 && here === boxes.length;
    all.indeterminate = here > 0 && here < boxes.length;
    if (!bar) return;
    // Several tables may share a bar: it counts the boxes of all of them.
    const count = [...bar.elements].filter((one) => one.name === 'selected' && one.checked).length;
    bar.toggleAttribute('data-chosen', count > 0);
    bar.querySelector('[data-bulk-count]').textContent = `${count} ${noun}${count === 1 ? '' : 's'} selected`;
  }

  all.addEventListener('change', () => { for (const box of boxes) box.checked = all.checked; draw(); });
  for (const box of boxes) box.addEventListener('change', draw);
  draw();
}

export function enhanceTables(root) {
  for (const wrap of root.querySelectorAll('.table-wrap[data-select]')) watchSelection(wrap);
}
