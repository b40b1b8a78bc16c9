// Runs Ponder and llama.cpp in turn on the same files and prints the ratios of their speeds; ./run checks what this needs first.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const ponder = join(here, "..", "..", process.platform === "win32" ? "ponder.cmd" : "ponder");
const steps = 32;                                               // of both engines, after every prompt

const usage = `usage: ./run [options] [MODEL.gguf ...]

Without files, one is made of each shape in each format (random weights) and removed at the end.

  --shape NAMES       shapes to make, with commas      [smollm2-135m]
  --format NAMES      formats to make them in          [q8_0]
  --rounds N          pairs of measurements            [5]
  --runs N            runs of each case in each        [3]
  --threads N         threads of both engines          [physical cores]
  --isa NAME          instructions of Ponder           [the best]
  --prefill NUMBERS   lengths of prompts, or none      [512]
  --decode NUMBERS    depths, or none                  [128]
  --branches NUMBERS  sequences together, or none      [32]
  --branch-prompt N   tokens of each of them           [128]
  --timeout SECONDS   for one measurement              [600]`;

const children = new Set();
let folder = null;
for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]]) {
    process.on(signal, () => {
        cleanUp();
        process.exit(code);
    });
}
try {
    await main();
} catch (error) {
    console.error(`peers: ${error.message}`);
    process.exitCode = 2;
} finally {
    cleanUp();
}

async function main() {
    const settings = readSettings();
    if (settings === null)
        return;
    for (const file of await modelsOf(settings)) {
        const rounds = [];
        for (let round = 1; round <= settings.rounds; round++) {
            const ours = await measurePonder(file, settings);
            settings.threads ??= ours.threads;
            const theirs = await measureLlama(file, settings);
            rounds.push({ ours, theirs });
            console.error(`peers: ${basename(file)}, round ${round} of ${settings.rounds}`);
        }
        report(file, rounds);
    }
}

function readSettings() {
    const text = (value) => ({ type: "string", default: value });
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            shape: text("smollm2-135m"), format: text("q8_0"), rounds: text("5"), runs: text("3"), threads: { type: "string" },
            isa: { type: "string" }, prefill: text("512"), decode: text("128"), branches: text("32"), "branch-prompt": text("128"),
            timeout: text("600"), help: { type: "boolean", short: "h" },
        },
    });
    if (values.help) {
        console.log(usage);
        return null;
    }
    const settings = {
        files: positionals,
        shapes: values.shape.split(","),
        formats: values.format.split(","),
        rounds: number("rounds", values.rounds, 100),
        runs: number("runs", values.runs, 100),
        threads: values.threads === undefined ? undefined : number("threads", values.threads, 1024),
        isa: values.isa,
        prefill: numbers("prefill", values.prefill),
        decode: numbers("decode", values.decode),
        branches: numbers("branches", values.branches, 256),
        branchPrompt: number("branch-prompt", values["branch-prompt"]),
        timeout: number("timeout", values.timeout, 86_400),
    };
    if (settings.prefill.length + settings.decode.length + settings.branches.length === 0)
        throw new Error("there is nothing to measure: --prefill, --decode and --branches are all none.");
    for (const file of settings.files) {
        if (!existsSync(file))
            throw new Error(`${file}: there is no such file.`);
    }
    return settings;
}

function number(name, text, most = 1_000_000) {
    if (!/^\d{1,9}$/.test(text) || Number(text) < 1 || Number(text) > most)
        throw new Error(`--${name} wants whole numbers from 1 to ${most}, not '${text}'.`);
    return Number(text);
}

function numbers(name, text, most) {
    return text === "none" ? [] : text.split(",").map((part) => number(name, part, most));
}

// The files that were named, or new ones.
async function modelsOf({ files, shapes, formats, timeout }) {
    if (files.length > 0)
        return files;
    folder = mkdtempSync(join(tmpdir(), "ponder-peers-"));
    const made = [];
    for (const shape of shapes) {
        for (const format of formats) {
            const file = join(folder, `${shape}-${format}.gguf`);
            await run(ponder, ["new", file, "--shape", shape, "--format", format], timeout);
            made.push(file);
        }
    }
    return made;
}

async function measurePonder(file, { prefill, decode, branches, branchPrompt, runs, threads, isa, timeout }) {
    const list = (name, sizes) => sizes.length > 0 ? [name, sizes.join(",")] : [];
    return JSON.parse(await run(ponder, [
        "bench", file, "--json", "--no-profile", "--runs", `${runs}`, "--branch-prompt", `${branchPrompt}`,
        ...list("--prefill", prefill), ...list("--decode", decode), ...list("--branches", branches),
        ...(threads === undefined ? [] : ["--threads", `${threads}`]), ...(isa === undefined ? [] : ["--isa", isa]),
    ], timeout));
}

async function measureLlama(file, { prefill, decode, branches, branchPrompt, runs, threads, timeout }) {
    const settings = JSON.stringify({ threads, prefill, decode, branches, branchPrompt, steps, runs });
    return JSON.parse(await run(process.execPath, [join(here, "llama.mjs"), file, settings], timeout));
}

// A program's standard output; what it says on standard error passes through.
function run(program, args, timeout) {
    return new Promise((resolve, reject) => {
        const name = `${basename(program)} ${args[0].endsWith("llama.mjs") ? "llama.mjs" : args[0]}`;
        const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], shell: process.platform === "win32" });
        children.add(child);
        const timer = setTimeout(() => {
            child.kill("SIGKILL");
            reject(new Error(`${name} did not end within ${timeout} s (--timeout).`));
        }, timeout * 1000);
        let output = "";
        child.stdout.setEncoding("utf8").on("data", (text) => output += text);
        child.on("error", (error) => reject(new Error(`${name} could not be started: ${error.message}`)));
        child.on("close", (code) => {
            clearTimeout(timer);
            children.delete(child);
            code === 0 ? resolve(output) : reject(new Error(`${name} ended with code ${code}.`));
        });
    });
}

// For each case the speeds of both, and the ratios of the rounds' medians: what disturbs the machine disturbs both halves of a pair.
function report(file, rounds) {
    const { ours, theirs } = rounds[0];
    const read = rounds.map((round) => round.ours.read_bandwidth_gb_s);
    console.log(`\n${basename(file)}, ${ours.threads} threads, ${rounds.length} rounds: minimum / median / maximum of the rounds`);
    console.log(`Ponder: ${ours.isa}; llama.cpp: ${theirs.isa}; memory read: ${show(spread(read), 1)} GB/s\n`);
    console.log(row("case", "Ponder, tokens/s", "llama.cpp, tokens/s", "Ponder / llama.cpp"));
    const titles = { prefill: (n) => `prefill ${n}`, decode: (n) => `decode at depth ${n}`, branches: (n) => `${n} sequences of ${ours.branch_prompt}` };
    for (const [kind, title] of Object.entries(titles)) {
        for (const size of Object.keys(theirs[kind])) {
            const a = rounds.map((round) => round.ours[kind][size].median), b = rounds.map((round) => round.theirs[kind][size].median);
            console.log(row(title(size), show(spread(a), 1), show(spread(b), 1), show(spread(a.map((value, i) => value / b[i])), 2)));
        }
    }
}

function spread(values) {
    const sorted = values.toSorted((a, b) => a - b), middle = (sorted.length - 1) / 2;
    return [sorted[0], (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2, sorted.at(-1)];
}

function show(values, digits) {
    return values.map((value) => value.toFixed(digits)).join(" / ");
}

function row(name, ...cells) {
    return name.padEnd(24) + cells.map((cell) => cell.padStart(27)).join("");
}

function cleanUp() {
    for (const child of children)
        child.kill("SIGKILL");
    if (folder !== null)
        rmSync(folder, { recursive: true, force: true });
    folder = null;
}
