/**
 * One call of every endpoint, in an order in which a person could make them. The table is exhaustive at compile time: a
 * new endpoint without a call here does not compile.
 */
import type { EndpointName, Input } from '../../src/shared/contract'
import { plainExport } from '../fixtures/plain-export'

export interface Scene {
  project: string
  images: string
  labels: string
  exported: string
  fieldIds: number[]
  runId: number
}

interface Call<N extends EndpointName> {
  input: (scene: Scene) => Input<N>
  /** The failure that is right here; absent: it succeeds. */
  fails?: string
  /** A failure that is right too: the real Electron has models, the others none. */
  mayFail?: string
}

const none = (): Record<string, never> => ({})
const options = (scene: Scene): Input<'export.preview'> => ({
  out: scene.exported,
  format: 'training',
  rows: 'all',
  ...plainExport,
  overwrite: false
})

export const calls: { [N in EndpointName]: Call<N> } = {
  'app.info': { input: none },
  'app.setReviewer': { input: () => ({ name: 'Ada' }) },
  'app.setPreference': { input: () => ({ key: 'theme', value: 'dark' }) },
  'app.preferences': { input: none },
  'updates.state': { input: none },
  'updates.setFeed': { input: () => ({ url: 'https://updates.example/nomina' }) },
  'updates.look': { input: none, fails: 'refused' },
  'updates.fetch': { input: none, fails: 'refused' },
  'updates.stop': { input: none },
  'updates.install': { input: none, fails: 'refused' },
  'models.list': { input: () => ({ rescan: true }) },
  'engine.report': { input: none },
  'folders.list': { input: ({ images }) => ({ path: images }) },
  'folders.known': { input: none },
  'import.scan': { input: ({ images }) => ({ paths: [images] }) },
  'labels.inspect': { input: ({ images, labels }) => ({ path: labels, paths: [images] }) },
  'project.rename': { input: ({ images }) => ({ path: `${images}/none`, name: 'Other' }), fails: 'not-found' },
  'project.standing': { input: ({ project }) => ({ path: project }) },
  'project.trash': { input: ({ images }) => ({ path: `${images}/none` }), fails: 'not-found' },
  'project.suggestPath': { input: () => ({ name: 'Parish register' }) },
  'project.create': { input: ({ project }) => ({ path: project }) },
  'import.preview': { input: ({ images }) => ({ paths: [images] }) },
  'import.start': {
    input: ({ images, labels }) => ({
      paths: [images],
      recognise: false,
      labels: { path: labels, encoding: 'utf-8', delimiter: ',', filenameColumn: 'FILENAME', textColumn: 'IDENTITY' }
    })
  },
  'runs.current': { input: none },
  'runs.pause': { input: () => ({ runId: 999_999 }), fails: 'not-found' },
  'runs.resume': { input: () => ({ runId: 999_999 }), fails: 'not-found' },
  'runs.cancel': { input: () => ({ runId: 999_999 }), fails: 'not-found' },
  'runs.quick': { input: none },
  'runs.cancelQuick': { input: () => ({ id: 999_999 }) },
  'project.info': { input: none },
  'import.room': { input: ({ images }) => ({ place: null, folder: images, files: 3, bytes: 900, pages: false }) },
  'project.disk': { input: none },
  'project.prune': { input: () => ({ what: ['backups'] }) },
  'import.report': { input: none },
  'import.problems': { input: none },
  'fields.ids': { input: () => ({ filter: {}, order: 'file' }) },
  'fields.names': { input: none },
  'fields.rows': { input: ({ fieldIds }) => ({ ids: fieldIds }) },
  'names.groups': { input: () => ({ shown: 'all', order: 'worth', search: 'é' }) },
  'names.rows': { input: () => ({ ids: [1] }) },
  'names.members': { input: () => ({ id: 1, shown: 'undecided' }) },
  'names.similar': { input: () => ({ text: 'HOPER' }) },
  'fields.detail': { input: ({ fieldIds }) => ({ id: fieldIds[0]! }) },
  'confidence.histogram': { input: () => ({ bins: 10 }) },
  'review.decide': { input: ({ fieldIds }) => ({ ids: [fieldIds[0]!], kind: 'corrected', text: 'GRACE HOPPER' }) },
  'review.takeIn': { input: () => ({ format: 'nomina-waiting', operations: [] }) },
  'review.undo': { input: none },
  'review.redo': { input: none },
  'review.rotate': { input: ({ fieldIds }) => ({ id: fieldIds[1]!, turns: 1, recognise: false }) },
  'review.typing': { input: ({ fieldIds }) => ({ id: fieldIds[0]! }) },
  'review.pace': { input: none },
  'templates.list': { input: none },
  'templates.create': {
    input: ({ images }) => ({ name: 'Form', image: { path: `${images}/no-such-page.png` } }),
    fails: 'not-found'
  },
  'templates.get': { input: () => ({ id: 999_999 }), fails: 'not-found' },
  'templates.save': { input: () => ({ id: 999_999, name: 'Form', fields: [] }), fails: 'not-found' },
  'templates.remove': { input: () => ({ id: 999_999 }), fails: 'not-found' },
  'templates.importJson': { input: ({ images }) => ({ path: `${images}/no-such-form.json` }), fails: 'not-found' },
  'templates.exportJson': {
    input: ({ images }) => ({ id: 999_999, path: `${images}/form.json`, overwrite: false }),
    fails: 'not-found'
  },
  'templates.propose': { input: () => ({ id: 999_999 }), fails: 'not-found' },
  'pages.ids': { input: () => ({ filter: { status: 'problems' } }) },
  'pages.rows': { input: () => ({ ids: [1] }) },
  'pages.detail': { input: () => ({ id: 999_999 }), fails: 'not-found' },
  'pages.setCorners': {
    input: () => ({ id: 999_999, templateId: 1, corners: [0, 0, 9, 0, 9, 9, 0, 9], recognise: false }),
    fails: 'not-found'
  },
  'pages.register': { input: () => ({ ids: null, templateId: null, recognise: false }) },
  'pages.discard': { input: () => ({ ids: [999_999] }), fails: 'not-found' },
  'pages.restore': { input: () => ({ ids: [999_999] }), fails: 'not-found' },
  'pages.counts': { input: none },
  'team.list': { input: none },
  'team.invite': { input: () => ({ name: 'Ben' }), mayFail: 'refused' },
  'team.revoke': { input: () => ({ name: 'Ben' }), mayFail: 'refused' },
  'review.lease': { input: ({ fieldIds }) => ({ window: 'window-one', ids: fieldIds, count: 1 }) },
  'second.start': { input: () => ({ name: 'Round', count: 1, seed: 1 }) },
  'second.rounds': { input: none },
  'second.queue': { input: () => ({ round: 1, own: true }) },
  'second.rows': { input: ({ fieldIds }) => ({ round: 1, ids: fieldIds }) },
  'second.key': {
    input: ({ fieldIds }) => ({ round: 1, id: fieldIds[0]!, kind: 'text', text: 'GRACE HOPPEN', own: true })
  },
  'second.differences': { input: () => ({ round: 1 }) },
  'second.settle': { input: () => ({ keyId: 1, kind: 'text', text: 'GRACE HOPPER' }) },
  'second.report': { input: none },
  'second.close': { input: () => ({ round: 1 }) },
  'export.defaults': { input: none },
  'export.preview': { input: options },
  'export.write': { input: options },
  'removal.preview': { input: ({ fieldIds }) => ({ fieldIds }) },
  'removal.list': { input: none },
  'removal.remove': { input: () => ({ run: 999_999 }), fails: 'not-found' },
  'removal.bringBack': { input: () => ({ removal: 999_999 }), fails: 'not-found' },
  'report.make': { input: () => ({ language: 'fr', masked: true }) },
  'relink.preview': { input: ({ images }) => ({ from: images, to: images }) },
  'relink.apply': { input: ({ images }) => ({ from: images, to: images }) },
  'runs.start': { input: () => ({ kind: 'recognise' }), mayFail: 'not-found' },
  'models.select': { input: () => ({ id: 'no-such-model', recognise: false }), fails: 'not-found' },
  'models.newer': { input: () => ({ hash: 'none', take: false }), fails: 'not-found' },
  'import.retry': { input: () => ({ sourceIds: null }) },
  'project.open': { input: ({ project }) => ({ path: project }) },
  'lexicon.list': { input: none },
  'lexicon.inspect': { input: ({ labels }) => ({ path: labels }) },
  'lexicon.import': {
    input: ({ labels }) => ({
      path: labels,
      name: 'People of the register',
      columns: { kind: 'surname', text: 'IDENTITY', count: null, fields: null }
    })
  },
  'lexicon.change': { input: () => ({ id: 1, enabled: false }) },
  'lexicon.apply': { input: none },
  'lexicon.complete': { input: ({ fieldIds }) => ({ id: fieldIds[0]!, prefix: 'G' }) },
  'lexicon.remove': { input: () => ({ id: 1 }) },
  'calibration.read': { input: none },
  'calibration.use': { input: () => ({ source: 'model' }) },
  'acceptance.state': { input: none },
  'acceptance.sample': { input: () => ({ size: 0 }) },
  'acceptance.curve': { input: () => ({ promise: 0.99 }) },
  'acceptance.apply': { input: () => ({ promise: 0.99 }), fails: 'refused' },
  'acceptance.undo': { input: () => ({ rule: 999_999 }), fails: 'not-found' },
  'acceptance.audit': { input: () => ({ rule: 999_999, size: 1 }), fails: 'not-found' },
  'history.acts': { input: none },
  'history.undoTo': { input: () => ({ act: 999_999 }), fails: 'not-found' },
  'exports.list': { input: none },
  'dataset.overview': { input: none },
  'dataset.scores': { input: none },
  'dataset.readRight': { input: none },
  'dataset.compare': { input: () => ({ a: 999_998, b: 999_999 }), fails: 'not-found' },
  'dataset.errors': { input: none, mayFail: 'not-found' },
  'fields.select': { input: ({ fieldIds }) => ({ ids: fieldIds }) },
  'suspects.find': { input: none, mayFail: 'not-found' },
  'suspects.state': { input: none },
  'suspects.list': { input: () => ({ undecided: true }) },
  'learning.setup': { input: none },
  'learning.install': { input: ({ images }) => ({ python: `${images}/no-such-python` }) },
  'learning.stopInstall': { input: none },
  'learning.remove': { input: none },
  'learning.status': { input: none },
  'learning.settings': { input: () => ({ on: false, budget: 30 }) },
  'learning.use': { input: () => ({ generation: 7 }), fails: 'not-found' },
  'learning.give': { input: ({ images }) => ({ generation: 7, folder: images }), fails: 'not-found' },
  'learning.beginNext': { input: () => ({ generation: null }) },
  'project.close': { input: none },
  'project.openOlder': { input: ({ project }) => ({ path: project }), fails: 'not-found' },
  'project.openSample': { input: none },
  'project.saveElsewhere': { input: ({ project }) => ({ path: project }), fails: 'exists' },
  'project.forget': { input: ({ project }) => ({ path: project }) }
}
