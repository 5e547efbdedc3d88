{{/* Labels that select the pods of a part. Arguments: root, component */}}
{{- define "monitoring.selector" -}}
app.kubernetes.io/name: monitoring
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "monitoring.labels" -}}
{{ include "monitoring.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* Names of what belongs to no namespace. */}}
{{- define "monitoring.clusterName" -}}
{{ printf "%s-%s" .Release.Namespace (.Release.Name | trunc 40 | trimSuffix "-") }}
{{- end -}}

{{/* Where and as whom a pod runs that is not on every node. Argument: root */}}
{{- define "monitoring.pod" -}}
enableServiceLinks: false
{{- if .Values.priority.create }}
priorityClassName: {{ include "monitoring.clusterName" . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  {{- toYaml .Values.securityContext | nindent 2 }}
  seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "monitoring.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* Argument: the values of a part */}}
{{- define "monitoring.image" -}}
image: "{{ .image.repository }}:{{ .image.tag }}"
imagePullPolicy: {{ .image.pullPolicy }}
{{- end -}}
