/** One walk through the app: what a person does, and what machines do to it meanwhile. */
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './app.mjs'
import { setUpLearner } from './scene.mjs'
import { views, Window } from './window.mjs'

const reader = /engine\.js|Nomina engine/
const pages = /pages\.js|Nomina pages/

/**
 * @param desktop see app.mjs
 * @param scene `folder` for what is made, `crops` and `more` to import, how `many` each
 * @param say what was done, a line each
 * @throws Error at the first thing that is not as it should be
 */
export async function walk(desktop, scene, port, say) {
  mkdirSync(desktop.data, { recursive: true })
  const project = join(scene.folder, 'project')
  const start = desktop.start(port)
  const window = await new Window(start, port).open()
  const steps = { desktop, scene, say, window, project, port, start }
  await read(steps)
  await review(steps)
  await look(steps)
  await learn(steps)
  await form(steps)
  await hurt(steps)
  await cutOff(steps)
  if (window.faults.length > 0) throw new Error(`The page complained: ${window.faults.join('; ')}`)
}

async function read({ desktop, scene, say, window, project, start, port }) {
  const early = desktop.start(port + 1)
  say(`open, ${(await window.call('app.info')).shell}; a start at once after it ended with ${await early.ended}`)
  if (start.over) throw new Error('The first start has ended, not the second.')
  await window.call('app.setReviewer', { name: 'Walker' })
  await window.call('project.create', { path: project })
  await window.call('import.start', { paths: [scene.crops], labels: null, recognise: true })
  await until('the engine runs', () => desktop.processes().some(({ args }) => reader.test(args)), 60)
  await sleep(500)
  say(`killed ${desktop.kill(reader) ? 'the engine' : 'nothing'} in the middle`)
  await window.idle()
  const { counts } = await window.call('project.info')
  const largest = Math.max(...desktop.processes().map(({ megabytes }) => megabytes))
  say(`${counts.total} imported, ${counts.read} read, ${counts.failed} failed; the largest process has ${largest} MB`)
  if (counts.total < scene.many || counts.read < scene.many) throw new Error('Not all crops were read.')
}

/** Decides by keys: four readings as they are, and one typed. */
async function review({ say, window }) {
  await window.go('R')
  const field = () =>
    window.page.evaluate('document.activeElement?.matches("[data-reading-input]") && document.activeElement.ariaLabel')
  for (let decided = 0; decided < 5; decided++) {
    const shown = await until('a field is shown', field, 30)
    if (decided === 4) {
      await window.page.press('a', { control: true })
      await window.page.type('ADA LOVELACE')
    }
    await window.page.press('Enter')
    await until('the next field', async () => (await field()) !== shown, 30)
  }
  const { accepted, corrected } = await until('decisions are stored', async () => {
    const { counts } = await window.call('project.info')
    return counts.accepted + counts.corrected >= 5 ? counts : null
  }, 30) // prettier-ignore
  say(`decided by keys: ${accepted} accepted, ${corrected} corrected`)
  if (corrected === 0) throw new Error('The typed text was not stored as a correction.')
}

async function look({ say, window }) {
  for (const letter of Object.keys(views)) await window.go(letter)
  const { state } = await window.call('learning.setup')
  say(`every view was shown; learning: ${state}`)
}

/** A round begins by itself once enough is decided; its learner is killed, and a person begins it again. */
async function learn({ desktop, say, window }) {
  setUpLearner(desktop.data)
  const { ids } = await window.call('fields.ids', { filter: { status: 'undecided' }, order: 'confidence' })
  for (const id of ids.slice(-40))
    await window.call('review.decide', { ids: [id], kind: 'corrected', text: 'GRACE HOPPER', how: 'field' })
  await until('the learner runs', () => desktop.processes().some(({ args }) => args.includes('learner.mjs')), 60)
  const killed = desktop.kill(/learner\.mjs/)
  await window.idle()
  if ((await window.call('learning.status')).inUse === null) await window.call('runs.start', { kind: 'learn' })
  const { inUse } = await until('a generation', async () => {
    const status = await window.call('learning.status')
    return status.inUse === null ? null : status
  })
  await window.idle()
  say(`learner ${killed ? 'killed, begun again' : 'not met'}; generation ${inUse} reads the project`)
}

async function form({ desktop, scene, say, window }) {
  await window.call('project.openSample', { sample: 'forms' })
  const killed = await until('pages are laid', () => desktop.kill(pages), 30).catch(() => false)
  await window.idle(600)
  const { counts } = await window.call('project.info')
  for (const letter of 'PRE') await window.go(letter)
  const { templates } = await window.call('templates.list')
  await window.call('templates.exportJson', { id: templates[0].id, path: join(scene.folder, 'form.json'), overwrite: true }) // prettier-ignore
  const { rows } = await window.call('export.write', exportTo(join(scene.folder, 'forms.csv'), 'records'))
  say(
    `forms: ${counts.total} fields read${killed ? ', the pages process killed on the way' : ''}, ${rows} rows exported`
  )
  if (counts.failed > 0 || counts.total === 0 || rows === 0) throw new Error('The forms were not read.')
}

const exportTo = (out, format) => ({
  out,
  format,
  rows: 'all',
  unreadable: 'mark',
  crops: false,
  split: null,
  spreadsheetSafe: false,
  overwrite: true
})

/** The window's process and Chromium's own end; the app is started again, with a project. */
async function hurt({ desktop, scene, say, window, project, port }) {
  const { ended } = desktop.start(port + 1, project)
  say(`a second start with a project ended with ${await ended}`)
  await until('it is shown', async () => (await window.call('project.info')).path === project, 30)
  const out = join(scene.folder, 'crops.csv')
  const { rows } = await window.call('export.write', exportTo(out, 'training'))
  const lines = readFileSync(out, 'utf8').trim().split('\n').length - 1
  say(`${rows} rows exported`)
  if (rows < scene.many || lines !== rows) throw new Error(`Not all rows were written: ${lines} of ${rows}.`)

  await window.go('L')
  const killed = ['gpu-process', 'NetworkService'].filter((name) => desktop.kill(new RegExp(`--type=.*${name}`)))
  await sleep(1500)
  for (const letter of 'RL') await window.go(letter)
  say(`ended ${killed.join(' and ') || 'none of Chromium’s own processes'}; the window goes on`)
  say(`the window’s process ended; it came back with the view ${await window.crash()}`)
}

/** Asked to end in the middle of an import and started again at once: it comes back, goes on, and closes with its window. */
async function cutOff({ desktop, scene, say, window, project, port, start }) {
  await window.call('import.start', { paths: [scene.more], labels: null, recognise: true })
  await sleep(1000)
  start.end()
  const late = desktop.start(port + 1, project)
  say(`asked to end in the middle: ended with ${await start.ended}; a start meanwhile ended with ${await Promise.race([late.ended, sleep(3000, 'nothing, it is the app now')])}`) // prettier-ignore
  const [at, again] = late.over ? [port, { over: null }] : [port + 1, late]
  const back = await new Window(again, at).open()
  await back.call('project.open', { path: project })
  await back.idle()
  const { counts } = await back.call('project.info')
  say(`it came back and went on: ${counts.total} fields, ${counts.read} read`)
  if (counts.total < 2 * scene.many || counts.failed > 0) throw new Error('The import did not go on.')
  await back.page.shut()
  await until('it ends with its window', () => desktop.processes().length === 0, 30)
  await desktop.nothingLeft()
  if (back.faults.length > 0) throw new Error(`The page complained: ${back.faults.join('; ')}`)
}
