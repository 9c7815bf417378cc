/** The commands that are there whatever is shown, and the views as the rail has them. */
import ChartColumn from '@lucide/svelte/icons/chart-column'
import Cpu from '@lucide/svelte/icons/cpu'
import FileInput from '@lucide/svelte/icons/file-input'
import FileOutput from '@lucide/svelte/icons/file-output'
import FileScan from '@lucide/svelte/icons/file-scan'
import GraduationCap from '@lucide/svelte/icons/graduation-cap'
import LayoutGrid from '@lucide/svelte/icons/layout-grid'
import PenLine from '@lucide/svelte/icons/pen-line'
import Rows3 from '@lucide/svelte/icons/rows-3'
import Users from '@lucide/svelte/icons/users'
import { startedKinds, type StartedKind } from '../../../../shared/job-kinds'
import type { Language } from '../../../../shared/preferences'
import { t } from '../../i18n'
import { define, type Spec } from '../../lib/keymap'
import type { View } from '../../lib/session.svelte'

export interface AppParts {
  palette(): void
  keys(): void
  theme(): void
  speak(language: Language): void
  reviewer(): void
  pause(): void
  updates(): void
  disk(): void
}

export const appCommands = define<AppParts, 'app'>('app', 'everywhere', {
  palette: { group: 'everywhere', keys: ['Mod+K'], run: (parts) => parts.palette() },
  keys: { group: 'everywhere', keys: ['F1'], run: (parts) => parts.keys() },
  theme: { group: 'everywhere', run: (parts) => parts.theme() },
  english: { group: 'everywhere', run: (parts) => parts.speak('en') },
  french: { group: 'everywhere', run: (parts) => parts.speak('fr') },
  reviewer: { group: 'everywhere', run: (parts) => parts.reviewer() },
  pause: { group: 'everywhere', keys: ['Alt+Shift+S', 'Pause'], run: (parts) => parts.pause() },
  updates: { group: 'everywhere', run: (parts) => parts.updates() },
  disk: { group: 'everywhere', run: (parts) => parts.disk() }
})

/** What can be started from anywhere, a command for each kind of job. */
export const jobCommands = define<(kind: StartedKind) => void, 'jobs'>(
  'jobs',
  'everywhere',
  Object.fromEntries(
    startedKinds.map((kind): [StartedKind, Spec<(kind: StartedKind) => void>] => [
      kind,
      { group: 'everywhere', title: t(`keys:commands.jobs.${kind}`), run: (start) => start(kind) }
    ])
  )
)

export type GoTo = (view: View) => void
/** Alt+Shift and a letter is free in every browser and types nothing on any keyboard. */
const to = (view: View, letter: string, icon?: Spec<GoTo>['icon']): Spec<GoTo> => ({
  group: 'everywhere',
  keys: [`Alt+Shift+${letter}`],
  ...(icon && { icon }),
  run: (go) => go(view)
})

/** Those with an icon stand in the rail, in this order. */
export const viewCommands = define<GoTo, 'go'>('go', 'everywhere', {
  review: to('review', 'R', PenLine),
  names: to('names', 'N', LayoutGrid),
  list: to('list', 'L', Rows3),
  pages: to('pages', 'P', FileScan),
  data: to('data', 'D', ChartColumn),
  team: to('team', 'T', Users),
  import: to('import', 'I', FileInput),
  learning: to('learning', 'G', GraduationCap),
  models: to('models', 'M', Cpu),
  export: to('export', 'E', FileOutput),
  home: to('home', 'H')
})

/** What can be shown without a project. */
export const always = ['models', 'home'] as const
export const inProject = ['review', 'names', 'list', 'pages', 'data', 'team', 'import', 'learning', 'export'] as const
