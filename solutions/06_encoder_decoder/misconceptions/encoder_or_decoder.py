"""Wrong and other right solutions of `encoder_or_decoder`."""

from autograder.misconceptions import alternative, misconception


@misconception(
    "encoder_or_decoder",
    says="You have the two halves the wrong way round. The encoder comes first, x → z, "
    "and makes the picture small; the decoder leads back, z → x′.",
)
def halves_swapped():
    return {
        "large_to_small": "decoder",
        "x_comes_in": "decoder",
        "x_hat_goes_out": "encoder",
        "summarises": "decoder",
        "restores": "encoder",
        "pooling_and_strides": "decoder",
        "transposed_convolutions": "encoder",
        "ends_in_a_sigmoid": "encoder",
        "receiver_needs_it": "encoder",
        "classifier_needs_it": "decoder",
    }


@misconception(
    "encoder_or_decoder",
    says="You have the layers the wrong way round. Pooling and strides make maps smaller, as the "
    "encoder needs them; transposed convolutions make them larger again.",
)
def layers_swapped():
    return {
        "large_to_small": "encoder",
        "x_comes_in": "encoder",
        "x_hat_goes_out": "decoder",
        "summarises": "encoder",
        "restores": "decoder",
        "pooling_and_strides": "decoder",
        "transposed_convolutions": "encoder",
        "ends_in_a_sigmoid": "decoder",
        "receiver_needs_it": "decoder",
        "classifier_needs_it": "encoder",
    }


@misconception(
    "encoder_or_decoder",
    says="The sigmoid keeps pixels between 0 and 1, and pixels leave the decoder. "
    "A code has no such bounds: the encoder ends with its Linear.",
)
def sigmoid_on_the_code():
    return {
        "large_to_small": "encoder",
        "x_comes_in": "encoder",
        "x_hat_goes_out": "decoder",
        "summarises": "encoder",
        "restores": "decoder",
        "pooling_and_strides": "encoder",
        "transposed_convolutions": "decoder",
        "ends_in_a_sigmoid": "encoder",
        "receiver_needs_it": "decoder",
        "classifier_needs_it": "encoder",
    }


@misconception(
    "encoder_or_decoder",
    says="Sender and receiver are mixed up. Who receives codes wants pictures, and needs the "
    "decoder; who classifies by codes must make them, and needs the encoder.",
)
def sender_and_receiver_mixed_up():
    return {
        "large_to_small": "encoder",
        "x_comes_in": "encoder",
        "x_hat_goes_out": "decoder",
        "summarises": "encoder",
        "restores": "decoder",
        "pooling_and_strides": "encoder",
        "transposed_convolutions": "decoder",
        "ends_in_a_sigmoid": "decoder",
        "receiver_needs_it": "encoder",
        "classifier_needs_it": "decoder",
    }


@misconception(
    "encoder_or_decoder",
    says="To classify by codes you have to make codes: the encoder is kept, and the classifier "
    "put behind it. The decoder, whose pictures nobody asks for, is thrown away.",
)
def classifier_behind_the_decoder():
    return {
        "large_to_small": "encoder",
        "x_comes_in": "encoder",
        "x_hat_goes_out": "decoder",
        "summarises": "encoder",
        "restores": "decoder",
        "pooling_and_strides": "encoder",
        "transposed_convolutions": "decoder",
        "ends_in_a_sigmoid": "decoder",
        "receiver_needs_it": "decoder",
        "classifier_needs_it": "decoder",
    }


@misconception(
    "encoder_or_decoder",
    says="Summariser and restorer are mixed up. The encoder summarises: it must choose what to "
    "keep. The decoder restores: it fills in what was dropped.",
)
def purposes_swapped():
    return {
        "large_to_small": "encoder",
        "x_comes_in": "encoder",
        "x_hat_goes_out": "decoder",
        "summarises": "decoder",
        "restores": "encoder",
        "pooling_and_strides": "encoder",
        "transposed_convolutions": "decoder",
        "ends_in_a_sigmoid": "decoder",
        "receiver_needs_it": "decoder",
        "classifier_needs_it": "encoder",
    }


@alternative("encoder_or_decoder")
def two_lists():
    encoder = "large_to_small x_comes_in summarises pooling_and_strides classifier_needs_it"
    decoder = "x_hat_goes_out restores transposed_convolutions ends_in_a_sigmoid receiver_needs_it"
    return dict.fromkeys(encoder.split(), "encoder") | dict.fromkeys(decoder.split(), "decoder")


@alternative("encoder_or_decoder")
def every_other_one():
    pairs = (
        ("large_to_small", "x_hat_goes_out"),
        ("x_comes_in", "restores"),
        ("summarises", "transposed_convolutions"),
        ("pooling_and_strides", "ends_in_a_sigmoid"),
        ("classifier_needs_it", "receiver_needs_it"),
    )
    table = {}
    for first, second in pairs:
        table[first], table[second] = "encoder", "decoder"
    return table
