"""Answers requests of NeuralTrain.TableBenchmarks, one a line: fits a model of scikit-learn, predicts, and says how long it took."""

import json
import pickle
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.multioutput import MultiOutputRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

warnings.filterwarnings("ignore")


def table(part):
    """Numbers first, then texts."""
    numbers = np.array(part["numbers"], dtype=object)
    texts = np.array(part["texts"], dtype=object)
    return np.hstack([numbers, texts]) if texts.size else np.array(part["numbers"], dtype=float)


def model(request, numbers, columns):
    places, texts = list(range(numbers)), list(range(numbers, columns))
    seed, is_classes = request["seed"], request["isClasses"]
    if request["method"] == "mlp":
        coded = ColumnTransformer([("numbers", StandardScaler(), places), ("texts", OneHotEncoder(handle_unknown="ignore"), texts)])
        if is_classes:
            return make_pipeline(coded, MLPClassifier(random_state=seed))
        return TransformedTargetRegressor(make_pipeline(coded, MLPRegressor(random_state=seed)), transformer=StandardScaler())
    coded = ColumnTransformer([("numbers", "passthrough", places), ("texts", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), texts)])
    kind = HistGradientBoostingClassifier if is_classes else HistGradientBoostingRegressor
    boosted = kind(random_state=seed, categorical_features=texts or None)
    if not is_classes and request["outputs"] > 1:
        boosted = MultiOutputRegressor(boosted)
    return make_pipeline(coded, boosted)


def rate(units, call):
    call()
    calls, start = 0, time.process_time()
    while time.process_time() - start < 0.4:
        call()
        calls += 1
    return units * calls / (time.process_time() - start)


def answer(request):
    train, test = table(request["train"]), table(request["test"])
    truths = np.array(request["train"]["truths"])
    truths = truths[:, 0] if truths.shape[1] == 1 else truths
    fitted = model(request, len(request["train"]["numbers"][0]), train.shape[1])
    processor, clock = time.process_time(), time.perf_counter()
    fitted.fit(train, truths)
    processor, clock = time.process_time() - processor, time.perf_counter() - clock
    predict = fitted.predict_proba if request["isClasses"] else fitted.predict
    found = np.asarray(predict(test), dtype=float)
    result = {
        "predictions": (found[:, None] if found.ndim == 1 else found).tolist(),
        "seconds": clock,
        "processor": processor,
        "bytes": len(pickle.dumps(fitted)),
        "batchRate": None,
        "singleRate": None,
    }
    if request["measuresServing"]:
        many = test[np.arange(1000) % len(test)]
        some = [test[i : i + 1] for i in range(min(20, len(test)))]
        result["batchRate"] = rate(1000, lambda: predict(many))
        result["singleRate"] = rate(len(some), lambda: [predict(row) for row in some])
    return result


print(json.dumps(sklearn.__version__), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
