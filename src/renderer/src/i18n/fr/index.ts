import common from './common.json'
import core from './core.json'
import data from './data.json'
import exportView from './export.json'
import home from './home.json'
import jobs from '../../../../shared/job-words.json'
import importView from './import.json'
import keys from './keys.json'
import learning from './learning.json'
import lexicons from './lexicons.json'
import list from './list.json'
import models from './models.json'
import names from './names.json'
import pages from './pages.json'
import review from './review.json'
import team from './team.json'
import updates from './updates.json'

/** One file an area: see ../index.ts. */
export const fr = {
  common,
  core,
  keys,
  review,
  names,
  learning,
  lexicons,
  list,
  pages,
  data,
  import: importView,
  models,
  export: exportView,
  home,
  jobs: jobs.fr,
  team,
  updates
}
