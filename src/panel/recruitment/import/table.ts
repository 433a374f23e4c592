import { CsvError, parse } from 'csv-parse/sync'

export interface TableRow {
  /** The line of the file on which the row begins; the heading is line 1. */
  line: number
  cells: string[]
}

export type Table = { ok: true; header: string[]; rows: TableRow[] } | { ok: false; sentence: string }

/** The most rows that one file may hold. */
export const MOST_ROWS = 50_000

/**
 * Reads a CSV file as people save it: with or without a byte order mark, with commas, semicolons or tabs. A file that
 * cannot be read is refused with one sentence that says what to do; never half read.
 */
export function readTable(bytes: Buffer): Table {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return {
      ok: false,
      sentence: 'The file is not saved as UTF-8: in your spreadsheet choose “CSV UTF-8” and save it again',
    }
  }
  if (text.includes('\u0000'))
    return { ok: false, sentence: 'This is not a CSV file: save the sheet as CSV UTF-8 and choose it again' }
  if (!text.trim()) return { ok: false, sentence: 'The file is empty: choose the one that holds the rows' }
  try {
    const records: unknown = parse(text, {
      delimiter: delimiterOf(text),
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    })
    const rows = (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      cells: record,
      line: info.lines,
    }))
    const [head, ...rest] = rows
    if (!head) return { ok: false, sentence: 'The file is empty: choose the one that holds the rows' }
    if (rest.length > MOST_ROWS)
      return {
        ok: false,
        sentence: `The file has ${rest.length} rows: split it into files of ${MOST_ROWS} rows or fewer`,
      }
    const odd = rest.find(row => row.cells.length !== head.cells.length)
    if (odd)
      return {
        ok: false,
        sentence: `Line ${odd.line} has ${odd.cells.length} cells and the heading has ${head.cells.length}: mend the line and choose the file again`,
      }
    return { ok: true, header: head.cells, rows: rest.filter(row => row.cells.some(cell => cell)) }
  } catch (error) {
    const line = error instanceof CsvError && 'lines' in error ? ` near line ${String(error.lines)}` : ''
    return {
      ok: false,
      sentence: `The file cannot be read${line}: a quotation mark is not closed. Mend it and choose the file again`,
    }
  }
}

function delimiterOf(text: string): string {
  const first = text.slice(0, 10_000).split(/\r?\n/, 1)[0] ?? ''
  const count = (mark: string) => first.split(mark).length
  return [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0] ?? ','
}
