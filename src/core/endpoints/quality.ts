import type { qualityEndpoints } from '../../shared/contract/quality'
import { findSuspects, listSuspects, suspectsState } from '../quality'
import { fewer, isUnderWay, together } from '../tasks'
import { db } from './shared'
import type { HandlersOf } from './types'

const searching = 'suspects'

export const qualityHandlers: HandlersOf<keyof typeof qualityEndpoints> = {
  'suspects.find': (context) =>
    together(db(context), searching, (signal) =>
      findSuspects(db(context), {
        signal,
        onProgress: fewer((done, total) => context.bus.emit('suspects.progress', { done, total }))
      })
    ),
  'suspects.state': (context) => ({ ...suspectsState(db(context)), running: isUnderWay(db(context), searching) }),
  'suspects.list': (context, request) => listSuspects(db(context), request)
}
