import type { formsEndpoints } from '../../shared/contract/forms'
import { NominaError } from '../failure'
import type { HandlersOf } from './types'

// The contract came first; the functions follow within the hour.
const notYet = (): never => {
  throw new NominaError('refused', 'Pages are being built.')
}

export const formsHandlers: HandlersOf<keyof typeof formsEndpoints> = {
  'templates.list': notYet,
  'templates.get': notYet,
  'templates.create': notYet,
  'templates.save': notYet,
  'templates.remove': notYet,
  'templates.importJson': notYet,
  'templates.exportJson': notYet,
  'templates.propose': notYet,
  'pages.ids': notYet,
  'pages.rows': notYet,
  'pages.detail': notYet,
  'pages.ofField': notYet,
  'pages.setCorners': notYet,
  'pages.register': notYet,
  'pages.discard': notYet,
  'pages.restore': notYet,
  'pages.counts': notYet
}
