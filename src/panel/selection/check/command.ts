import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { publishedIn } from '../folder.ts'
import { checkSelection, type Verdict } from './check.ts'

const help = `panel check-selection FILE.json --pool FILE --quotas FILE

Checks every claim of a selection with a program and a solver of its own.

  --pool FILE, --quotas FILE, --confirmed FILE, --apart FILE
  --id COLUMN, --household COL,COL, --passed-over COLUMN
                       as they were given to panel select
  --published DIR      what was published: that it is this selection, and was committed to before the draw
  --json               the verdict as JSON

Exit: 0 every claim holds, 1 one does not, 2 wrong input.
`

/** \`panel check-selection\`: exit 0 when every claim holds, 1 when one does not, 2 when misused. */
export async function checkSelectionCommand(
  args: string[],
  io: { out: (text: string) => unknown; err: (text: string) => unknown },
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        pool: { type: 'string' },
        quotas: { type: 'string' },
        id: { type: 'string' },
        household: { type: 'string' },
        'passed-over': { type: 'string' },
        confirmed: { type: 'string' },
        apart: { type: 'string' },
        published: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      io.out(help)
      return 0
    }
    const [file] = positionals
    if (!file || !values.pool || !values.quotas) {
      io.err('Give the selection file, --pool and --quotas. See panel check-selection --help.\n')
      return 2
    }
    const verdict = await checkSelection(
      JSON.parse(readFileSync(file, 'utf8')),
      {
        pool: readFileSync(values.pool),
        quotas: readFileSync(values.quotas),
        ...(values.confirmed ? { confirmed: readFileSync(values.confirmed) } : {}),
        ...(values.apart ? { apart: readFileSync(values.apart) } : {}),
      },
      {
        ...(values.id ? { id: values.id } : {}),
        ...(values['passed-over'] ? { passedOver: values['passed-over'] } : {}),
        ...(values.household ? { household: values.household.split(',').map(name => name.trim()) } : {}),
      },
      values.published === undefined ? undefined : publishedIn(values.published),
    )
    io.out(`${values.json ? JSON.stringify(verdict) : sentenceFor(verdict)}\n`)
    return verdict.wrong.length ? 1 : 0
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : error}\n`)
    return 2
  }
}

function sentenceFor({ wrong, raise }: Verdict): string {
  if (wrong.length) return wrong.join('\n')
  if (raise === undefined)
    return 'Panels, chances and draw are as the file says. That no lottery is better is not checked here.'
  return `Every claim holds. No lottery is better by more than ${raise.toExponential(1)}.`
}
