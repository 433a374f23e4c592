import { ruleOf } from '../../notice/datamap.ts'
import type { AccessCopy } from '../copy.ts'
import type { Matter } from '../rights.ts'

/** What goes on a request: everything for access; for portability what the person gave us, and nothing of ours (Art 20(1)). */
export function scopeOf(matter: Matter, copy: AccessCopy): AccessCopy {
  if (matter === 'access') return copy
  const isTheirs = (field: string) => ruleOf('panel', field)?.provenance === 'subject'
  return {
    ...copy,
    values: copy.values.filter(one => isTheirs(one.field)),
    files: copy.files.filter(one => isTheirs(one.name)),
    openings: [],
    recipients: [],
    disclosures: [],
    rows: {},
  }
}
