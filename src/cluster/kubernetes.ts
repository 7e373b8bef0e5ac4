// Kubernetes manifests for the shards of a sweep: the sweep file as a ConfigMap, an Indexed Job with one index a shard, and
// a Job that joins them.

import { stringify } from "yaml";
import { type ArrayJob, guarded } from "./array-job.js";

export interface KubernetesOptions {
  /** Container image in which the program of the job is found. */
  readonly image: string;
  /** Name of a PersistentVolumeClaim that all pods can write to; the result directory is in it. */
  readonly claim: string;
  /** Of one pod: `4Gi`. */
  readonly memory?: string | undefined;
  /** The sweep file's text. */
  readonly text: string;
}

/** Where the volumes are in a container. */
const RESULTS = "/results";
const SWEEP = "/sweep";

/** Runs the arguments of a container. */
const GUARDED = ["sh", "-c", `${guarded('"$@"')}\nexit "$status"`, "sh"];

/** Failures of one index, or of the merge, other than stopping early. */
const RETRIES = 3;
/** What a pod gets between SIGTERM and the end; a run that is asked to stop needs a few seconds. */
const GRACE_SECONDS = 60;

/**
 * The manifests, as one YAML stream. A pod that is stopped early ends with 75 and is started again without that being
 * counted as a failure; the merge does the same until every shard is there.
 */
export function kubernetesManifests(job: ArrayJob, options: KubernetesOptions): string {
  const name =
    job.name
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 50) || "sweep";
  const sweep = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `${name}-sweep` },
    data: { "sweep.yaml": options.text },
  };
  const documents = [sweep, shardsJob(name, job, options), mergeJob(name, job, options)];
  return documents.map((document) => `---\n${stringify(document, { lineWidth: 0 })}`).join("");
}

function shardsJob(name: string, job: ArrayJob, options: KubernetesOptions): object {
  const { shards, atOnce = job.shards, overrides, output, cpus } = job;
  const words = ["run", `${SWEEP}/sweep.yaml`, ...overrides.flatMap((override) => ["--set", override])];
  // A lock that a lost node has left cannot be told from a live one; of two pods of one index the
  // later one goes on, and the other ends with 6.
  const rest = [
    "--output",
    `${RESULTS}/${output}`,
    "--shard",
    `auto/${shards}`,
    "--workers",
    String(cpus),
    "--take-over",
  ];
  const resources = { cpu: String(cpus), ...(options.memory === undefined ? {} : { memory: options.memory }) };
  return {
    ...jobHead(`${name}-shards`),
    spec: {
      completionMode: "Indexed",
      completions: shards,
      parallelism: atOnce,
      backoffLimitPerIndex: RETRIES,
      maxFailedIndexes: shards,
      podFailurePolicy: goOnAfterStop("shard"),
      template: pod(
        name,
        {
          name: "shard",
          image: options.image,
          command: GUARDED,
          args: [...job.program, ...words, ...rest],
          resources: { requests: resources, limits: resources },
        },
        options,
      ),
    },
  };
}

function mergeJob(name: string, job: ArrayJob, options: KubernetesOptions): object {
  return {
    ...jobHead(`${name}-merge`),
    spec: {
      backoffLimit: RETRIES,
      podFailurePolicy: goOnAfterStop("merge"),
      template: pod(
        name,
        {
          name: "merge",
          image: options.image,
          command: GUARDED,
          args: [...job.program, "merge", `${RESULTS}/${job.output}`, "--take-over"],
        },
        options,
      ),
    },
  };
}

function jobHead(name: string): object {
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name } };
}

function goOnAfterStop(containerName: string): object {
  return { rules: [{ action: "Ignore", onExitCodes: { containerName, operator: "In", values: [75] } }] };
}

function pod(name: string, container: object, { claim }: KubernetesOptions): object {
  const volumeMounts = [
    { name: "results", mountPath: RESULTS },
    { name: "sweep", mountPath: SWEEP, readOnly: true },
  ];
  return {
    spec: {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: GRACE_SECONDS,
      containers: [{ ...container, volumeMounts }],
      volumes: [
        { name: "results", persistentVolumeClaim: { claimName: claim } },
        { name: "sweep", configMap: { name: `${name}-sweep` } },
      ],
    },
  };
}
