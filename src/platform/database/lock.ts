import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface Lock {
  release(): void
}

/** Another process works on the same folder. */
export class FolderInUse extends Error {}

/**
 * Takes the lock file of a data folder, so that two processes never write the same database. A lock left by a process
 * that no longer runs is taken over. Throws FolderInUse with one sentence.
 */
export function lockFolder(dir: string): Lock {
  const path = join(dir, 'in-use')
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o600)
      writeSync(file, identity(process.pid))
      closeSync(file)
      return { release: () => rmSync(path, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const holder = readFileSync(path, 'utf8')
      if (isRunning(holder))
        throw new FolderInUse(
          `Another panelkeeper (process ${Number.parseInt(holder, 10)}) is already using ${dir}: stop it first, or set DATA_DIR to another folder.`,
        )
      rmSync(path, { force: true })
    }
  }
  throw new FolderInUse(
    `Another panelkeeper has just begun to use ${dir}: stop it first, or set DATA_DIR to another folder.`,
  )
}

/** A process number alone is reused after a restart, so the process's start time goes with it where the system tells it. */
function identity(pid: number): string {
  return `${pid} ${startTime(pid)}`
}

function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function isRunning(holder: string): boolean {
  const pid = Number.parseInt(holder, 10)
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return pid === process.pid || identity(pid) === holder
}
