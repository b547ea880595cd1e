// Loads the enhancements. Every page works without them; each takes a root, because a drawer brings new content later.
import { watchTheme } from './theme.js';
import { watchSearch } from './search.js';
import { watchDrawer } from './drawer.js';
import { enhanceUploads } from './upload.js';
import { enhanceTables, watchFilters } from './table.js';
import { enhanceDates } from './dates.js';
import { watchCopy, watchMenus, focusErrors } from './page.js';

function enhance(root) {
  enhanceUploads(root);
  enhanceTables(root);
  enhanceDates(root);
  focusErrors(root);
}

watchTheme();
watchSearch();
watchDrawer(enhance);
watchFilters();
watchCopy();
watchMenus();
enhance(document);
