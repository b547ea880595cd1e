// The page carries dates in UTC. Here they gain the reader's own time as a title and, where asked, how long ago they were.
const UNITS = [['year', 31557600], ['month', 2629800], ['week', 604800], ['day', 86400], ['hour', 3600], ['minute', 60]];

function relative(seconds) {
  const words = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}

export function enhanceDates(root) {
  for (const time of root.querySelectorAll('time[datetime*="T"]')) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.getTime())) continue;
    time.title = instant.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
    if ('relative' in time.dataset && !time.dataset.done) {
      time.append(` · ${relative((instant - Date.now()) / 1000)}`);
      time.dataset.done = 'yes';
    }
  }
}
