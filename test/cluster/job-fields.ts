// The fields of a batch/v1 Job, as the Kubernetes API reference publishes them (v1.33), as far as a batch job may want
// them. A manifest that has another field is refused by the API server.

/** Fields of an object; `null` for a value without fields of ours, a list for a list of such objects. */
export type Fields = { readonly [name: string]: Fields | readonly [Fields] | null };

const METADATA: Fields = { name: null, namespace: null, labels: null, annotations: null, generateName: null };

const CONTAINER: Fields = {
  ...{ name: null, image: null, imagePullPolicy: null, command: null, args: null, workingDir: null, tty: null },
  env: [{ name: null, value: null, valueFrom: null }],
  resources: { requests: null, limits: null, claims: null },
  volumeMounts: [{ name: null, mountPath: null, readOnly: null, subPath: null }],
  ...{ envFrom: null, ports: null, lifecycle: null, securityContext: null, stdin: null, terminationMessagePath: null },
};

const POD: Fields = {
  metadata: METADATA,
  spec: {
    ...{ restartPolicy: null, terminationGracePeriodSeconds: null, activeDeadlineSeconds: null, nodeSelector: null },
    ...{ affinity: null, tolerations: null, serviceAccountName: null, securityContext: null, imagePullSecrets: null },
    containers: [CONTAINER],
    initContainers: [CONTAINER],
    volumes: [
      {
        name: null,
        persistentVolumeClaim: { claimName: null, readOnly: null },
        configMap: { name: null, items: null, defaultMode: null, optional: null },
        ...{ emptyDir: null, hostPath: null, secret: null, nfs: null },
      },
    ],
  },
};

export const JOB: Fields = {
  apiVersion: null,
  kind: null,
  metadata: METADATA,
  spec: {
    ...{ activeDeadlineSeconds: null, backoffLimit: null, backoffLimitPerIndex: null, completionMode: null },
    ...{ completions: null, managedBy: null, manualSelector: null, maxFailedIndexes: null, parallelism: null },
    ...{ podReplacementPolicy: null, selector: null, successPolicy: null, suspend: null },
    ttlSecondsAfterFinished: null,
    podFailurePolicy: {
      rules: [
        {
          action: null,
          onExitCodes: { containerName: null, operator: null, values: null },
          onPodConditions: [{ status: null, type: null }],
        },
      ],
    },
    template: POD,
  },
};

/** Paths in a manifest that its kind does not have. */
export function unknownFields(value: unknown, fields: Fields, path = ""): string[] {
  return Object.entries(value as object).flatMap(([name, inner]) => {
    const at = `${path}.${name}`;
    const known = fields[name];
    if (known === undefined) return [at];
    if (known === null) return [];
    if (!Array.isArray(known)) return unknownFields(inner, known as Fields, at);
    return (inner as unknown[]).flatMap((item, index) => unknownFields(item, known[0], `${at}[${index}]`));
  });
}
