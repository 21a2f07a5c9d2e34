/** Lets one process at a time install and build in a copy of Deskbridge. */
'use strict';
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const POLL_MS = 200;

/**
 * The lock lies in the temp folder, because installing wipes `node_modules` and the copy may be otherwise untouched.
 * @param {string} root
 */
function lockPath(root) {
  const name = createHash('sha256').update(path.resolve(root)).digest('hex').slice(0, 16);
  return path.join(os.tmpdir(), `deskbridge-ready-${name}.lock`);
}

/**
 * Runs `work` alone; waits while another living process is at it, and takes over from one that has died.
 * @param {string} root
 * @param {() => void} work
 */
function withReadyLock(root, work) {
  const lock = lockPath(root);
  while (!take(lock)) {
    const holder = Number(read(lock));
    if (holder && !runs(holder)) fs.rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  try {
    work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function take(lock) {
  const draft = `${lock}.${process.pid}`;
  fs.writeFileSync(draft, String(process.pid));
  try {
    fs.linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

module.exports = { lockPath, withReadyLock };
