"""What TensorBoard's own reader finds in a log folder of one run: reads its path, writes JSON."""
import json
import sys

import tensorboard
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata

run = EventAccumulator(sys.argv[1], size_guidance={'scalars': 0, 'images': 0, 'tensors': 0})
run.Reload()
tags = run.Tags()
hparams = run.PluginTagToContent('hparams')
start = metadata.parse_session_start_info_plugin_data(hparams[metadata.SESSION_START_INFO_TAG])
end = metadata.parse_session_end_info_plugin_data(hparams[metadata.SESSION_END_INFO_TAG])
experiment = metadata.parse_experiment_plugin_data(hparams[metadata.EXPERIMENT_TAG])
texts = [tag for tag in tags['tensors'] if run.SummaryMetadata(tag).plugin_data.plugin_name == 'text']
json.dump({
    'version': tensorboard.__version__,
    'scalars': {tag: [[event.step, event.value, event.wall_time] for event in run.Scalars(tag)] for tag in tags['scalars']},
    'images': {tag: [run.Images(tag)[0].width, run.Images(tag)[0].height] for tag in tags['images']},
    'texts': {tag: [event.tensor_proto.string_val[0].decode() for event in run.Tensors(tag)] for tag in texts},
    'hparams': {name: getattr(value, value.WhichOneof('kind')) for name, value in start.hparams.items()},
    'metrics': [metric.name.tag for metric in experiment.metric_infos],
    'group': start.group_name,
    'status': end.status,
}, sys.stdout)
