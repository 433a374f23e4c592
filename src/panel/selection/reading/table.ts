import { isUtf8 } from 'node:buffer'
import { CsvError, parse } from 'csv-parse/sync'
import type { Fault } from './fault.ts'

/** A row as it stood in the file, trimmed, with the line it began on. */
export type Row = { line: number; cells: string[] }

/**
 * Reads a CSV file row by row and never half: commas, semicolons or tabs, with or without a byte order mark, UTF-8 only.
 * `take` gets the heading first. Faults are added to the list, and the rows go on being read where that makes sense.
 */
export function readTable(bytes: Uint8Array, file: string, faults: Fault[], take: (row: Row) => void) {
  const fault = wrongEncoding(bytes, file)
  if (fault) return void faults.push(fault)
  let heading: string[] | undefined
  const blanks: number[] = []
  let lastRow = 0
  let ragged = 0
  try {
    parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      bom: true,
      delimiter: delimiterOf(bytes),
      relax_column_count: true,
      trim: true,
      skip_empty_lines: false,
      on_record: (cells: string[], { lines }) => {
        const line = lines - newlinesWithin(cells)
        if (cells.every(cell => cell === '')) blanks.push(line)
        else if (!heading) {
          heading = cells
          lastRow = line
          take({ line, cells })
        } else {
          lastRow = line
          if (cells.length !== heading.length && ++ragged <= 20)
            faults.push({
              file,
              line,
              what: `There are ${cells.length} columns here and ${heading.length} in the heading.`,
              mend: 'A comma inside a value needs quotes around the whole value; a missing value needs its comma.',
            })
          else take({ line, cells })
        }
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number(error.lines) || 1
    faults.push({
      file,
      line,
      what: 'A quotation mark here is not closed or stands inside a value.',
      mend: 'Put the whole value in quotes and write each quotation mark inside it twice.',
    })
  }
  if (!heading)
    faults.push({ file, what: 'The file is empty.', mend: 'The first line names the columns, and the rows follow.' })
  const within = blanks.filter(line => line < lastRow)
  if (within[0])
    faults.push({
      file,
      line: within[0],
      what: within.length > 1 ? `This row and ${within.length - 1} others are blank.` : 'This row is blank.',
      mend: 'Delete it, or put the missing person back.',
    })
}

function wrongEncoding(bytes: Uint8Array, file: string): Fault | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return { file, line: 1, what: 'The file is UTF-16.', mend: 'Save it again as “CSV UTF-8”.' }
  if (!isUtf8(bytes)) {
    let line = 1
    for (let start = 0; start < bytes.length; line++) {
      const end = bytes.indexOf(10, start)
      const stop = end < 0 ? bytes.length : end
      if (!isUtf8(bytes.subarray(start, stop))) break
      start = stop + 1
    }
    const what = 'The letters here are not UTF-8; they look like Windows-1252, as older Excel saves them.'
    return { file, line, what, mend: 'Save the file again as “CSV UTF-8 (comma delimited)”.' }
  }
  const zero = bytes.indexOf(0)
  if (zero >= 0) {
    const what = 'There is a null byte in the file, so it is not a plain CSV file.'
    return { file, what, mend: 'Export it again as “CSV UTF-8”.' }
  }
  return undefined
}

function delimiterOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(10)
  const first = Buffer.from(bytes.subarray(0, end < 0 ? Math.min(bytes.length, 65536) : end))
    .toString('utf8')
    .replaceAll(/"[^"]*"/g, '')
  return [',', ';', '\t'].reduce((best, mark) => (first.split(mark).length > first.split(best).length ? mark : best))
}

function newlinesWithin(cells: string[]): number {
  let count = 0
  for (const cell of cells) if (cell.includes('\n')) count += cell.split('\n').length - 1
  return count
}
