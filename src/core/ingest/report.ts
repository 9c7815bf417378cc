import type { ImportReport } from '../../shared/domain'

export const emptyReport = (): ImportReport => ({
  files: 0,
  added: 0,
  unchanged: 0,
  changed: 0,
  missing: 0,
  moved: 0,
  reopened: 0,
  identical: 0,
  pages: 0,
  failed: [],
  unsupported: [],
  leftOut: [],
  labels: {
    file: null,
    rows: 0,
    matched: 0,
    duplicates: 0,
    rowsWithoutFile: [],
    filesWithoutRow: [],
    blank: 0,
    emptyCells: [],
    withdrawn: [],
    kept: [],
    problems: []
  }
})
