import { sql as first } from './0001-first'
import { sql as second } from './0002-forms'
import { sql as third } from './0003-quality'
import { sql as fourth } from './0004-lexicons'
import { sql as fifth } from './0005-reviewers'
import { sql as sixth } from './0006-names'
import { sql as seventh } from './0007-field-models'
import { sql as eighth } from './0008-contents'
import { sql as ninth } from './0009-acts'
import { sql as tenth } from './0010-open-words'
import { sql as eleventh } from './0011-learning'
import { sql as twelfth } from './0012-removals'
import { sql as thirteenth } from './0013-shown-readings'
import { sql as fourteenth } from './0014-ink'
import { sql as fifteenth } from './0015-arrivals'
import { sql as sixteenth } from './0016-field-texts'
import { sql as seventeenth } from './0017-queue-indexes'
import { sql as eighteenth } from './0018-open-words-of-keys'
import { sql as nineteenth } from './0019-text-changes'
import { sql as twentieth } from './0020-image-sizes'
import { sql as twentyFirst } from './0021-letters'

export interface Migration {
  /** The `user_version` the database has after it; 1, 2, 3 … without a gap. */
  version: number
  /** The file's name without its ending. */
  name: string
  sql: string
}

/** Every migration, oldest first. One that has shipped is never edited: add a new file. */
export const migrations: readonly Migration[] = [
  { version: 1, name: '0001-first', sql: first },
  { version: 2, name: '0002-forms', sql: second },
  { version: 3, name: '0003-quality', sql: third },
  { version: 4, name: '0004-lexicons', sql: fourth },
  { version: 5, name: '0005-reviewers', sql: fifth },
  { version: 6, name: '0006-names', sql: sixth },
  { version: 7, name: '0007-field-models', sql: seventh },
  { version: 8, name: '0008-contents', sql: eighth },
  { version: 9, name: '0009-acts', sql: ninth },
  { version: 10, name: '0010-open-words', sql: tenth },
  { version: 11, name: '0011-learning', sql: eleventh },
  { version: 12, name: '0012-removals', sql: twelfth },
  { version: 13, name: '0013-shown-readings', sql: thirteenth },
  { version: 14, name: '0014-ink', sql: fourteenth },
  { version: 15, name: '0015-arrivals', sql: fifteenth },
  { version: 16, name: '0016-field-texts', sql: sixteenth },
  { version: 17, name: '0017-queue-indexes', sql: seventeenth },
  { version: 18, name: '0018-open-words-of-keys', sql: eighteenth },
  { version: 19, name: '0019-text-changes', sql: nineteenth },
  { version: 20, name: '0020-image-sizes', sql: twentieth },
  { version: 21, name: '0021-letters', sql: twentyFirst }
]
