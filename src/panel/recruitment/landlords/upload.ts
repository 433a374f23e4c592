import { clean } from '#src/platform/web/form.ts'
import { rowsOf, UnreadableFile } from '../import/rows.ts'

export interface LandlordFile {
  names: string[]
  /** Rows left out, each with its line and why. */
  faults: { line: number; why: string }[]
}

const headings = ['name', 'landlord', 'member landlord', 'landlord name', 'member name', 'organisation']

/** Reads a list of landlords: the column whose heading says so, or else the first. Returns a sentence when it cannot. */
export async function readLandlords(file: Buffer): Promise<LandlordFile | string> {
  const names = new Map<string, string>()
  const faults: LandlordFile['faults'] = []
  let column: number | undefined
  try {
    for await (const { line, cells } of rowsOf(file)) {
      if (column === undefined) {
        const named = cells.findIndex(cell => headings.includes(clean(cell).toLowerCase()))
        column = Math.max(named, 0)
        if (named >= 0) continue
      }
      const name = clean(cells[column] ?? '').replace(/\s+/g, ' ')
      const why = faultOf(name, names)
      if (why) faults.push({ line, why })
      else names.set(name.toLowerCase(), name)
    }
  } catch (error) {
    if (error instanceof UnreadableFile) return error.sentence
    throw error
  }
  return { names: [...names.values()], faults }
}

function faultOf(name: string, names: Map<string, string>): string | undefined {
  if (!name) return 'There is no name'
  if (name.length > 150) return 'The name is longer than 150 characters'
  if (!/\p{L}/u.test(name)) return `“${name}” holds no letters`
  if (/^[=+\-@]/.test(name)) return `“${name}” begins with a sign that spreadsheets run as a formula`
  return names.has(name.toLowerCase()) ? `“${name}” is in the file already` : undefined
}
