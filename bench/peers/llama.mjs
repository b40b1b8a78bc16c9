// One measurement by llama.cpp, in the form of `ponder bench --json`: node llama.mjs MODEL SETTINGS, settings as JSON.
// Prompts are random ids, the first run of a case warms up, the greedy choice after each step is timed with it: as Ponder does.
import { getLlama, readGgufFileInfo } from "node-llama-cpp";

const [path, text] = process.argv.slice(2);
const { threads, prefill, decode, branches, branchPrompt, steps, runs } = JSON.parse(text);
const batchSize = 512;
const greedy = { generateNext: { token: true, options: { temperature: 0 } } };

const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: threads });
const vocabulary = (await readGgufFileInfo(path, { logWarnings: false })).metadata.tokenizer.ggml.tokens.length;
const model = await llama.loadModel({ modelPath: path });
const random = randomIds(1, vocabulary);

const result = { isa: isa(llama.systemInfo), threads, model: path, prefill: {}, decode: {}, branches: {} };
for (const tokens of prefill) {
    result.prefill[tokens] = await withSequences(1, tokens + 1, async ([sequence]) => {
        const prompt = random(tokens);
        return await rates(tokens, async () => {
            await sequence.clearHistory();
            return await seconds(() => evaluate(sequence, prompt));
        });
    });
}
for (const depth of decode)
    result.decode[depth] = await together(1, depth);
for (const count of branches)
    result.branches[count] = await together(count, branchPrompt);
process.stdout.write(JSON.stringify(result) + "\n");
process.exit(0);

// Sequences with prompts of their own decode in one batch; after each run they return to the end of their prompts.
async function together(count, depth) {
    return await withSequences(count, depth + steps + 1, async (sequences) => {
        const first = [];
        for (const sequence of sequences)
            first.push(await evaluate(sequence, random(depth)));
        return await rates(count * steps, async () => {
            for (const sequence of sequences) {
                if (sequence.nextTokenIndex > depth)
                    await sequence.eraseContextTokenRanges([{ start: depth, end: sequence.nextTokenIndex }]);
                if (sequence.nextTokenIndex !== depth)
                    throw new Error(`the sequence went back to ${sequence.nextTokenIndex}, not to ${depth}`);
            }
            let next = first;
            return await seconds(async () => {
                for (let step = 0; step < steps; step++)
                    next = await Promise.all(sequences.map((sequence, i) => evaluate(sequence, [next[i]])));
            });
        });
    });
}

async function withSequences(count, length, measure) {
    const context = await model.createContext({ contextSize: length, sequences: count, threads: { ideal: threads, min: threads }, batchSize });
    try {
        return await measure(Array.from({ length: count }, () => context.getSequence()));
    } finally {
        await context.dispose();
    }
}

// Computes tokens of a sequence; the most likely token after them, or any where that one would end an answer.
async function evaluate(sequence, tokens) {
    const input = tokens.map((token, i) => i === tokens.length - 1 ? [token, greedy] : token);
    const output = await sequence.controlledEvaluate(input);
    return output[tokens.length - 1]?.next.token ?? 1;
}

async function rates(tokens, run) {
    await run();
    const all = [];
    for (let i = 0; i < runs; i++)
        all.push(tokens / await run());
    all.sort((a, b) => a - b);
    const middle = (all.length - 1) / 2;
    return { min: all[0], median: (all[Math.floor(middle)] + all[Math.ceil(middle)]) / 2, max: all.at(-1) };
}

async function seconds(work) {
    const start = performance.now();
    await work();
    return (performance.now() - start) / 1000;
}

// Park and Miller's generator: the same ids in every run.
function randomIds(seed, below) {
    return (count) => Array.from({ length: count }, () => (seed = seed * 48271 % 2147483647) % below);
}

// What llama.cpp says that it was built for and found, the widest last.
function isa(info) {
    const found = [...info.matchAll(/(\w+) = 1/g)].map((match) => match[1]);
    return found.filter((name) => /^(AVX|AMX|NEON|SVE|DOTPROD|MATMUL)/.test(name)).join(" ") || "baseline";
}
